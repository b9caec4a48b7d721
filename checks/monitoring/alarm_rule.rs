//! The rules of composite alarms: which alarms they are raised by.
//!
//! Source: Amazon CloudWatch User Guide, "Create a composite alarm" (rule expressions), and PutCompositeAlarm, `AlarmRule`.

/// A word, a quoted name, or a sign.
#[derive(Debug, PartialEq)]
enum Token {
    Word(String),
    Name(String),
    Sign(char),
}

/// The alarms, by name or ARN, whose going off helps to raise an alarm with this rule; `None` where it cannot be read.
/// That others must go off as well (`AND`) does not count against them: that is what such rules are for.
pub(super) fn raised_by(rule: &str) -> Option<Vec<String>> {
    let tokens = tokens(rule)?;
    let mut rest = tokens.as_slice();
    // Whether each open parenthesis stands in a negation, and whether the next thing does.
    let (mut around, mut not) = (Vec::<bool>::new(), false);
    let mut raising = Vec::new();
    while let [first, after @ ..] = rest {
        rest = after;
        let negated = around.last().copied().unwrap_or_default() ^ not;
        match first {
            Token::Word(word) if word == "NOT" => {
                not = !not;
                continue;
            }
            Token::Word(word) if word == "AND" || word == "OR" => continue,
            Token::Word(word) if word == "TRUE" || word == "FALSE" => {}
            Token::Sign('(') => around.push(negated),
            Token::Sign(')') => drop(around.pop()?),
            Token::Word(state) if is_state(state) => {
                let names = names(&mut rest)?;
                if (state == "ALARM") != negated && (state == "ALARM" || state == "OK") {
                    raising.extend(names);
                }
            }
            Token::Word(word) if word == "AT_LEAST" => {
                let [Token::Sign('('), Token::Word(_), Token::Sign(','), inner @ ..] = rest else { return None };
                let (other, inner) = match inner {
                    [Token::Word(word), inner @ ..] if word == "NOT" => (true, inner),
                    inner => (false, inner),
                };
                let [Token::Word(state), Token::Sign(','), inner @ ..] = inner else { return None };
                if !is_state(state) {
                    return None;
                }
                rest = inner;
                let names = names(&mut rest)?;
                let [Token::Sign(')'), after @ ..] = rest else { return None };
                rest = after;
                if (state == "ALARM") != (negated ^ other) && (state == "ALARM" || state == "OK") {
                    raising.extend(names);
                }
            }
            _ => return None,
        }
        not = false;
    }
    around.is_empty().then_some(raising)
}

fn is_state(word: &str) -> bool {
    ["ALARM", "OK", "INSUFFICIENT_DATA"].contains(&word)
}

/// Names in parentheses, with commas between them.
fn names(rest: &mut &[Token]) -> Option<Vec<String>> {
    let [Token::Sign('('), inner @ ..] = *rest else { return None };
    let end = inner.iter().position(|token| *token == Token::Sign(')'))?;
    let (inside, after) = inner.split_at_checked(end)?;
    *rest = after.get(1..)?;
    let name = |token: &Token| match token {
        Token::Word(name) | Token::Name(name) => Some(Some(name.clone())),
        Token::Sign(',') => Some(None),
        Token::Sign(_) => None,
    };
    let names: Option<Vec<Option<String>>> = inside.iter().map(name).collect();
    Some(names?.into_iter().flatten().collect())
}

fn tokens(rule: &str) -> Option<Vec<Token>> {
    let mut all = Vec::new();
    let mut rest = rule.chars().peekable();
    while let Some(first) = rest.next() {
        match first {
            '(' | ')' | ',' => all.push(Token::Sign(first)),
            '"' => {
                let mut name = String::new();
                loop {
                    match rest.next()? {
                        '"' => break,
                        '\\' => name.push(rest.next()?),
                        other => name.push(other),
                    }
                }
                all.push(Token::Name(name));
            }
            space if space.is_whitespace() => {}
            other => {
                let mut word = String::from(other);
                while let Some(next) = rest.next_if(|next| !next.is_whitespace() && !"(),\"".contains(*next)) {
                    word.push(next);
                }
                all.push(Token::Word(word));
            }
        }
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alarms_raise_what_asks_for_their_alarm() {
        let raised = |rule: &str| raised_by(rule).unwrap();
        assert_eq!(raised("ALARM(a) OR ALARM(\"b (eu)\")"), ["a", "b (eu)"]);
        assert_eq!(raised("ALARM(a) AND NOT ALARM(deploying)"), ["a"]);
        assert_eq!(raised("NOT (OK(a) OR ALARM(b) OR NOT ALARM(c))"), ["a", "c"]);
        assert_eq!(raised("ALARM(\"say \\\"hi\\\"\") AND TRUE"), ["say \"hi\""]);
        assert_eq!(raised("AT_LEAST(2, ALARM, (a, \"b\", c)) OR OK(d)"), ["a", "b", "c"]);
        assert_eq!(raised("AT_LEAST(1, NOT OK, (a))"), ["a"]);
        assert_eq!(raised("INSUFFICIENT_DATA(a) OR NOT INSUFFICIENT_DATA(b)"), [""; 0]);
        let arn = "arn:aws:cloudwatch:us-east-1:111122223333:alarm:a";
        assert_eq!(raised(&format!("ALARM({arn})")), [arn]);
    }

    #[test]
    fn what_cannot_be_read_is_not_guessed() {
        for odd in [
            "ALARM(a",
            "ALARM",
            "XOR(a)",
            "(ALARM(a)",
            "ALARM(a))",
            "ALARM(\"a",
            "AT_LEAST(2, MAYBE, (a))",
            "ALARM((a))",
        ] {
            assert_eq!(raised_by(odd), None, "{odd}");
        }
        assert_eq!(raised_by(""), Some(Vec::new()));
        assert_eq!(raised_by(&"(".repeat(100_000)), None);
    }
}
