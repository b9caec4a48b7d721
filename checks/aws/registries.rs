//! The ECR accounts from which AWS publishes images for SageMaker, and how to tell whose registry an image names.

/// The accounts by region, sorted: deep learning containers (763104351884 and its regional counterparts), built-in
/// algorithms, scikit-learn, XGBoost and Spark, Clarify, Model Monitor, Debugger, Data Wrangler, Neo, SageMaker
/// Distribution.
///
/// Source: the `registries` of every `image_uri_config/*.json` in AWS's SageMaker Python SDK, releases sagemaker 2.257.7
/// and sagemaker-core 2.27.0, read 2026-11: what `sagemaker.image_uris.retrieve` answers from. The pages "Docker Registry
/// Paths and Example Code" of the SageMaker Developer Guide, which listed them region by region, are retired.
#[rustfmt::skip]
const PUBLISHERS: &[(&str, &[&str])] = &[
    ("af-south-1", &["143210264188", "238384257742", "309385258863", "313743910680", "314341159256", "455444449433",
        "510948584623", "559312083959", "626614931356", "774647643957", "811711786498", "875698925577"]),
    ("ap-east-1", &["001633400207", "057415533634", "098760798382", "110948597952", "199566480951", "286214385809",
        "493642496378", "523751269255", "651117190479", "707077482487", "732049463269", "871362719292"]),
    ("ap-east-2", &["533267296287", "938034419563", "975050140332"]),
    ("ap-northeast-1", &["010972774902", "102112518831", "258307448986", "351501993468", "354813040037",
        "377024640650", "411782140378", "430734990657", "462105765813", "501404015308", "520713654638",
        "574779866223", "633353088612", "649008135260", "658645717510", "763104351884", "941853720454"]),
    ("ap-northeast-2", &["064688005998", "131546521161", "151534178276", "204372634319", "263625296855",
        "293181348795", "306986355934", "366743142698", "462105765813", "520713654638", "578805364391",
        "658645717510", "709848358524", "763104351884", "806072073708", "835164637446", "860869212795"]),
    ("ap-northeast-3", &["102471314380", "364406365360", "479947661362", "564864627153", "658645717510",
        "792733760839", "867004704886", "912233562940", "913387583493", "925152966179", "990339680094"]),
    ("ap-south-1", &["089933028263", "105495057255", "126357580389", "245090515133", "394103062818", "452307495513",
        "462105765813", "520713654638", "658645717510", "720646828776", "763008648453", "763104351884",
        "904829902805", "991648021394"]),
    ("ap-south-2", &["004313294153", "628508329040", "772153158452", "873151114052"]),
    ("ap-southeast-1", &["022667117163", "119527597002", "121021644041", "245545462676", "324986816169",
        "462105765813", "475088953585", "492261229750", "520713654638", "658645717510", "759080221371",
        "763104351884", "834264404009", "972752614525"]),
    ("ap-southeast-2", &["007051062584", "184798709955", "297031611018", "355873309152", "422173101802",
        "440695851116", "452832661640", "462105765813", "514117268639", "520713654638", "544295431143",
        "563025443158", "648430277019", "658645717510", "712309505854", "763104351884", "783357654285"]),
    ("ap-southeast-3", &["276181064229", "370607712162", "669540362728", "705930551576", "800295151634",
        "907027046896", "951798379941"]),
    ("ap-southeast-4", &["106583098589", "154076345201", "457447274322", "819679513684"]),
    ("ap-southeast-5", &["148761635175", "550225433462", "841784149062"]),
    ("ap-southeast-6", &["278240940207", "366932332049", "633930458069"]),
    ("ap-southeast-7", &["471112967968", "528757812139", "590183813437"]),
    ("ca-central-1", &["310906938811", "341280168497", "446299261295", "462105765813", "464438896020",
        "469771592824", "481561238223", "519511493484", "520713654638", "536280801234", "557239378090",
        "658645717510", "675030665977", "763104351884"]),
    ("ca-west-1", &["000907499111", "190319476487", "204538143572", "623308166672"]),
    ("cn-north-1", &["122526803553", "245909111842", "390048526115", "390948362332", "422961961927", "450853457545",
        "453000072557", "472730292857", "618459771430", "671472414489", "727897471807"]),
    ("cn-northwest-1", &["122578899357", "249157047649", "387376663083", "390780980154", "423003514399",
        "451049120500", "453252182341", "474822919863", "658757709296", "727897471807", "844356804704"]),
    ("eu-central-1", &["017069133835", "024640144536", "048819808253", "353608530281", "462105765813",
        "482524230118", "492215442770", "495149712605", "520713654638", "545423591354", "658645717510",
        "664544806723", "746233611703", "763104351884", "813361260812", "906073651304", "936697816551"]),
    ("eu-central-2", &["010526262399", "142351485170", "380420809688", "569303640362", "590183933784",
        "680994064768", "730335477804"]),
    ("eu-isoe-west-1", &["010264522435", "118315366868", "371248457586"]),
    ("eu-north-1", &["054986407534", "175620155138", "243637512696", "314864569078", "330188676905", "520713654638",
        "601324751636", "658645717510", "662702820516", "669576153137", "763104351884", "763603941244", "895015795356"]),
    ("eu-south-1", &["048378556238", "257386234256", "488287956546", "563282790590", "592751261982", "638885417683",
        "692866216735", "753923664805", "810671768855", "933208885752", "966458181534", "978288397137"]),
    ("eu-south-2", &["104374241257", "127363102723", "437450045455", "503227376785", "833944533722"]),
    ("eu-west-1", &["131013547314", "141502667606", "224300973850", "245179582081", "438346466558", "462105765813",
        "468650794304", "470317259841", "520713654638", "571004829621", "658645717510", "685385470294",
        "763104351884", "802834080501", "819792524951", "929884845733", "999678624901"]),
    ("eu-west-2", &["021081402939", "205493899709", "250201462417", "440796970383", "462105765813", "520713654638",
        "644912444149", "658645717510", "712779665605", "749857270468", "763104351884", "764974769150",
        "836651553127", "894491911112"]),
    ("eu-west-3", &["136845547031", "254080097072", "341593696636", "447278800020", "520713654638", "615547856133",
        "658645717510", "659782779980", "680080141114", "749696950732", "763104351884", "807237891255", "856416204555"]),
    ("eusc-de-east-1", &["180250353322", "204133271717", "713710892325"]),
    ("il-central-1", &["216881608335", "275950707576", "380164790875", "406833011540", "408426139102",
        "780543022126", "843974653677", "898809789911"]),
    ("me-central-1", &["103105715889", "272398656194", "358593528301", "395420993607", "588750061953", "914824155844"]),
    ("me-south-1", &["117516905037", "217643126080", "249704162688", "376037874950", "523774347010", "607024016150",
        "724002660598", "750251592176", "801668240914", "835444307964", "836785723513", "986000313247"]),
    ("me-west-1", &["124382933778"]),
    ("mx-central-1", &["211125459255", "396913743851", "637423239942"]),
    ("sa-east-1", &["424196993095", "520018980103", "520713654638", "539772159869", "567556641782", "658645717510",
        "737130764395", "737474898029", "756306329178", "763104351884", "782484402741", "818342061345", "855470959533"]),
    ("sa-west-1", &["434457397001"]),
    ("us-east-1", &["081325390199", "156813124566", "173754725891", "205585389593", "382416733822", "462105765813",
        "503895931360", "520713654638", "522234722520", "658645717510", "663277389841", "683313688378",
        "763104351884", "766337827248", "785573368785", "811284229777", "885854791233"]),
    ("us-east-2", &["007439368137", "137914896644", "211330385671", "257758044811", "314815235551", "404615174143",
        "415577184552", "429704687514", "462105765813", "520713654638", "566113047672", "658645717510",
        "763104351884", "777275614652", "825641698319", "915447279597", "999911452149"]),
    ("us-gov-east-1", &["107072934176", "227234621604", "237065988967", "260923028637", "446045086412"]),
    ("us-gov-west-1", &["107173498710", "226302683700", "246785580436", "263933020539", "271483468897",
        "414596584902", "442386744353", "515509971035", "598674086554"]),
    ("us-iso-east-1", &["167761179201", "490574956308", "744548109606", "833128469047", "886529160074", "906349786431"]),
    ("us-isob-east-1", &["094389454867", "281123927165", "358279745144", "406031935815", "453391408702",
        "765400339828"]),
    ("us-isof-east-1", &["108575199400", "303241398832", "579539705040", "751086301963", "840123138293",
        "853188333426"]),
    ("us-isof-south-1", &["124985052026", "411392592546", "454834333376", "467912361380", "883091641454",
        "935523707064"]),
    ("us-west-1", &["053634841547", "462105765813", "520713654638", "632365934929", "658645717510", "667973535471",
        "685455198987", "710691900526", "740489534195", "742091327244", "746614075791", "763104351884",
        "890145073186", "926135532090"]),
    ("us-west-2", &["081189585635", "153931337802", "156387875391", "159807026194", "174368400705", "174872318107",
        "236514542706", "246618743249", "266724342769", "301217895009", "306415355426", "433757028032",
        "462105765813", "520713654638", "542918446943", "658645717510", "763104351884", "895741380848"]),
];

/// Whether AWS publishes images from this account, for the partition of that region. A region younger than the table is
/// answered for by its partition: AWS reuses accounts.
pub(crate) fn is_published_by_aws(account: &str, region: &str) -> bool {
    let partition = partition_of(region);
    PUBLISHERS.iter().any(|(place, accounts)| partition_of(place) == partition && accounts.contains(&account))
}

/// A stand-in for the partition of a region: how its name begins. Regions of the commercial partition share none.
fn partition_of(region: &str) -> &'static str {
    const BEGINNINGS: [&str; 7] = ["cn-", "us-gov-", "us-iso-", "us-isob-", "us-isof-", "eu-isoe-", "eusc-"];
    BEGINNINGS.into_iter().find(|beginning| region.starts_with(beginning)).unwrap_or("")
}

/// Whose registry an image names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Registry<'a> {
    /// A private ECR registry: an account in a region.
    Ecr { account: &'a str, region: &'a str },
    /// A public one, by its host.
    Public(&'a str),
    /// Some other host: a registry of the customer's own, or of anyone else.
    Other(&'a str),
}

/// Hosts of the registries that anybody can publish to, or pull from, without an account of yours being involved.
const PUBLIC: [&str; 10] = [
    "docker.io",
    "registry-1.docker.io",
    "index.docker.io",
    "public.ecr.aws",
    "ecr-public.aws.com",
    "ghcr.io",
    "quay.io",
    "gcr.io",
    "mcr.microsoft.com",
    "nvcr.io",
];

/// What ends the host names of private ECR registries in the partitions of AWS, over IPv4 and over both IP versions.
///
/// Sources: Amazon ECR User Guide, "Making requests to Amazon ECR registries"; `endpoints.json` and `partitions.json` of
/// botocore for the DNS suffixes of the other partitions, read 2026-11.
const ECR_SUFFIXES: [&str; 10] = [
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "c2s.ic.gov",
    "sc2s.sgov.gov",
    "cloud.adc-e.uk",
    "csp.hci.ic.gov",
    "on.aws",
    "on.amazonwebservices.com.cn",
    "on.amazonwebservices.eu",
];

impl<'a> Registry<'a> {
    /// Reads the registry out of `host/repository:tag@digest`. As for Docker, a first part that can be no host name
    /// belongs to a repository on Docker Hub.
    pub(crate) fn of(image: &'a str) -> Registry<'a> {
        let first = image.split_once('/').map(|(first, _)| first);
        match first.filter(|first| first.contains(['.', ':']) || *first == "localhost") {
            None => Registry::Public("docker.io"),
            Some(host) => match ecr(host) {
                Some((account, region)) => Registry::Ecr { account, region },
                None if PUBLIC.contains(&host) => Registry::Public(host),
                None => Registry::Other(host),
            },
        }
    }
}

/// An image in a private registry of ECR, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EcrImage<'a> {
    /// The account of the registry.
    pub(crate) account: &'a str,
    /// Its region.
    pub(crate) region: &'a str,
    /// The name of the repository.
    pub(crate) repository: &'a str,
    /// Where the image is named by it.
    pub(crate) tag: Option<&'a str>,
    /// `sha256:…`, where the image is named by it.
    pub(crate) digest: Option<&'a str>,
}

impl<'a> EcrImage<'a> {
    /// Reads `ACCOUNT.dkr.ecr.REGION.SUFFIX/repository:tag@digest`; `None` for images of other registries.
    pub(crate) fn of(image: &'a str) -> Option<EcrImage<'a>> {
        let Registry::Ecr { account, region } = Registry::of(image) else { return None };
        let (_, path) = image.split_once('/')?;
        let (path, digest) = match path.split_once('@') {
            Some((path, digest)) => (path, Some(digest)),
            None => (path, None),
        };
        // Without either, Docker asks for the tag `latest`.
        let (repository, tag) = match path.split_once(':') {
            Some((repository, tag)) => (repository, Some(tag)),
            None => (path, digest.is_none().then_some("latest")),
        };
        (!repository.is_empty()).then_some(EcrImage { account, region, repository, tag, digest })
    }

    /// Whether it lies in the repository with that ARN and name.
    pub(crate) fn lies_in(&self, arn: &str, name: &str) -> bool {
        let account_and_region = |arn: &'_ str| -> Option<bool> {
            let mut parts = arn.split(':').skip(3);
            Some(parts.next()? == self.region && parts.next()? == self.account)
        };
        self.repository == name && account_and_region(arn) == Some(true)
    }
}

/// Account and region of `ACCOUNT.dkr.ecr.REGION.SUFFIX`, `ACCOUNT.dkr-ecr.REGION.SUFFIX`, and the same with `-fips`.
fn ecr(host: &str) -> Option<(&str, &str)> {
    let (account, rest) = host.split_once('.')?;
    let services = ["dkr.ecr.", "dkr.ecr-fips.", "dkr-ecr.", "dkr-ecr-fips."];
    let rest = services.into_iter().find_map(|service| rest.strip_prefix(service))?;
    let (region, suffix) = rest.split_once('.')?;
    let is_account = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
    (is_account && ECR_SUFFIXES.contains(&suffix)).then_some((account, region))
}

/// Whether the image is named by the digest of its contents.
pub(crate) fn is_pinned(image: &str) -> bool {
    image.split_once("@sha256:").is_some_and(|(_, hex)| hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(image: &str) -> Option<(&str, &str)> {
        match Registry::of(image) {
            Registry::Ecr { account, region } => Some((account, region)),
            _ => None,
        }
    }

    #[test]
    fn every_spelling_of_an_ecr_host_names_its_account() {
        for host in [
            "123456789012.dkr.ecr.us-east-1.amazonaws.com",
            "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com",
            "123456789012.dkr-ecr.us-east-1.on.aws",
            "123456789012.dkr-ecr-fips.us-east-1.on.aws",
        ] {
            assert_eq!(owner(&format!("{host}/a/b:1@sha256:0")), Some(("123456789012", "us-east-1")), "{host}");
        }
        assert_eq!(owner("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a"), Some(("123456789012", "cn-north-1")));
    }

    #[test]
    fn what_only_looks_like_an_ecr_host_is_not_one() {
        for image in [
            "123456789012.dkr.ecr.us-east-1.amazonaws.com.evil.example/a",
            "evil.dkr.ecr.us-east-1.amazonaws.com/a",
            "1234.dkr.ecr.us-east-1.amazonaws.com/a",
            "123456789012.dkr.ecr.us-east-1.evil.example/a",
            "evil.example/123456789012.dkr.ecr.us-east-1.amazonaws.com/a",
        ] {
            assert_eq!(owner(image), None, "{image}");
        }
    }

    #[test]
    fn a_name_without_host_is_one_of_docker_hub() {
        for image in ["", "ubuntu", "ubuntu:24.04", "library/ubuntu", "docker.io/library/ubuntu", "é/x"] {
            assert_eq!(Registry::of(image), Registry::Public("docker.io"), "{image}");
        }
        assert_eq!(Registry::of("ghcr.io/a/b:1"), Registry::Public("ghcr.io"));
        assert_eq!(Registry::of("registry.example:5000/a"), Registry::Other("registry.example:5000"));
    }

    #[test]
    fn the_name_of_an_image_is_taken_apart() {
        let image = EcrImage::of("111122223333.dkr.ecr.us-east-1.amazonaws.com/team/serve:1@sha256:ab").unwrap();
        assert_eq!((image.account, image.region), ("111122223333", "us-east-1"));
        assert_eq!((image.repository, image.tag, image.digest), ("team/serve", Some("1"), Some("sha256:ab")));
        let bare = EcrImage::of("111122223333.dkr.ecr.us-east-1.amazonaws.com/team/serve").unwrap();
        assert_eq!((bare.tag, bare.digest), (Some("latest"), None));
        assert!(image.lies_in("arn:aws:ecr:us-east-1:111122223333:repository/team/serve", "team/serve"));
        assert!(!image.lies_in("arn:aws:ecr:eu-west-1:111122223333:repository/team/serve", "team/serve"));
        assert!(!image.lies_in("", "team/serve"));
        for other in ["public.ecr.aws/team/serve:1", "serve", "111122223333.dkr.ecr.us-east-1.amazonaws.com/", "é"] {
            assert_eq!(EcrImage::of(other), None, "{other}");
        }
    }

    #[test]
    fn an_account_counts_in_its_own_partition_only() {
        assert!(is_published_by_aws("763104351884", "us-east-1"));
        assert!(is_published_by_aws("763104351884", "xx-new-1"));
        assert!(!is_published_by_aws("763104351884", "cn-north-1"));
        assert!(is_published_by_aws("727897471807", "cn-north-1"));
        assert!(!is_published_by_aws("123456789012", "us-east-1"));
    }

    #[test]
    fn the_table_is_sorted_and_holds_account_ids_only() {
        assert!(PUBLISHERS.is_sorted_by(|a, b| a.0 < b.0));
        for (region, accounts) in PUBLISHERS {
            assert!(accounts.is_sorted_by(|a, b| a < b), "{region}");
            assert!(accounts.iter().all(|a| a.len() == 12 && a.bytes().all(|b| b.is_ascii_digit())), "{region}");
        }
    }
}
