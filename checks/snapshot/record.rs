//! A type of resource in one declaration: its fields with their places in AWS's answers, the calls that fill it, and the
//! table it lies in. The collector, the loopback AWS, the permissions and the references to follow all come from it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::reference::{Names, Reference, What};
use super::wire::{self, Found, Slot};
use super::{Account, Call, Gap, Listed, Region, Seen, Table, Tag};

/// How resources of a type are listed.
#[derive(Debug, Clone, Copy)]
pub struct List {
    /// The call. It takes `MaxResults` and `NextToken` unless `size` says otherwise.
    pub call: Call,
    /// The member of the answer that holds the summaries, or a path of members divided by dots; empty where the answer itself is the one resource.
    pub items: &'static str,
    /// The parameter that sets the size of a page and its largest value; none for lists without pages.
    pub size: Option<(&'static str, u32)>,
    /// The parameter, and member of the answer, that leads to the next page; `Parameter=Member` where they differ.
    pub token: &'static str,
    /// Parameters that every request has, as a JSON object.
    pub with: &'static str,
    /// Takes `SortBy=CreationTime` and `SortOrder=Descending`.
    pub newest_first: bool,
    /// What to list within: parameters for one request each, from the tables that `needs` names.
    pub per: Option<fn(&Known<'_>) -> Listed<Value>>,
    /// Which of the summaries to keep, by the tables that `needs` names; all of them, where there is no condition. What was not
    /// seen of those tables might have kept more: `per` passes that on as what is missing.
    pub keep: Option<fn(&Known<'_>, &Value) -> bool>,
    /// Error codes that mean that there is nothing to list, as in [`Ask::absent`].
    pub absent: &'static [&'static str],
}

impl List {
    /// A list of SageMaker's kind: a hundred a page, with `NextToken`.
    pub const fn of(call: Call, items: &'static str) -> List {
        List {
            call,
            items,
            size: Some(("MaxResults", 100)),
            token: "NextToken",
            with: "",
            newest_first: false,
            per: None,
            keep: None,
            absent: &[],
        }
    }

    /// The parameter that asks for a page.
    pub fn token_parameter(&self) -> &'static str {
        self.token.split_once('=').map_or(self.token, |(parameter, _)| parameter)
    }

    /// The member of the answer that leads to the next page.
    pub fn token_member(&self) -> &'static str {
        self.token.split_once('=').map_or(self.token, |(_, member)| member)
    }
}

/// What was seen before a list is asked for: the tables that its type needs. Others may be empty still.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The region to list in.
    pub name: &'a str,
    /// Its tables.
    pub region: &'a Region,
    /// What belongs to the account as a whole; empty unless a need lies there.
    pub account: &'a Account,
    /// All regions of the scan; empty unless a need lies in the account.
    pub regions: &'a BTreeMap<String, Region>,
}

/// A further question about one resource.
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    /// The call.
    pub call: Call,
    /// Its parameters, each with the path in what is known of the resource (its summary, its parent's parameters).
    pub by: &'static [(&'static str, &'static str)],
    /// Error codes that mean that there is nothing. Where a code means other things as well, words of the message follow
    /// it: `AccessDeniedException: Macie is not enabled`.
    pub absent: &'static [&'static str],
    /// Whether to ask, by what the summary says; everything, where there is no condition.
    pub when: Option<fn(&Value) -> bool>,
}

/// Whether an error is one of those that mean that there is nothing.
pub fn means_absence(absent: &[&str], code: &str, message: &str) -> bool {
    absent.iter().any(|known| match known.split_once(": ") {
        None => *known == code,
        Some((known, words)) => known == code && message.contains(words),
    })
}

impl Ask {
    /// A question that always has an answer.
    pub const fn of(call: Call, by: &'static [(&'static str, &'static str)]) -> Ask {
        Ask { call, by, absent: &[], when: None }
    }
}

/// The tags of a resource: out of a record that has them, out of the bulk answer, or by ListTags.
pub const TAGS: Ask = Ask::of(crate::read!("sagemaker", "ListTags"), &[]);
/// Tags of all resources of a service, a hundred a page (Resource Groups Tagging API). Resources that never had tags are
/// not in it.
pub const BULK_TAGS: Call = crate::read!("tag", "GetResources");
/// Up to a hundred whole records a page (SageMaker Search).
pub const SEARCH: Call = crate::read!("sagemaker", "Search");

/// How Search shows a type.
#[derive(Debug, Clone, Copy)]
pub struct Search {
    /// The value of `Resource`.
    pub resource: &'static str,
    /// The path of the record in a result.
    pub record: &'static str,
    /// A filter besides the creation time, as property and value.
    pub filter: Option<(&'static str, &'static str)>,
    /// The index holds the resources themselves, not something that is made for each and may be deleted.
    pub whole: bool,
    /// Members that Describe fills and Search leaves out.
    pub lacks: &'static [&'static str],
}

impl Search {
    /// A type that the index holds whole.
    pub const fn of(resource: &'static str, record: &'static str) -> Search {
        Search { resource, record, filter: None, whole: true, lacks: &[] }
    }
}

/// Jobs pile up for ever: which of them a scan looks at.
#[derive(Debug, Clone, Copy)]
pub struct Jobs {
    /// The member of the summary that tells how it stands.
    pub status: &'static str,
    /// Its words for jobs that still run.
    pub running: &'static [&'static str],
}

/// Everything about a type but its fields.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// The table.
    pub table: Table,
    /// The tables that must be filled first, because they tell what to ask for.
    pub needs: &'static [Table],
    /// How resources are listed.
    pub list: List,
    /// How one is described; none where the list tells all.
    pub describe: Option<Ask>,
    /// How Search shows it.
    pub search: Option<Search>,
    /// Set for jobs.
    pub jobs: Option<Jobs>,
    /// Nothing changes it once it is made, tags apart. Jobs need not say so: nothing changes one that has finished.
    pub fixed: bool,
    /// Members of a summary in the list's answer; `Theirs=Ours` where it names them differently from the description,
    /// completed by `required`.
    pub summary: &'static [&'static str],
    /// The path of the ARN, in summary and description.
    pub arn: &'static str,
    /// The path of the creation time in the summary.
    pub created: &'static str,
    /// The resource in an ARN, for refusals: `model/{ModelName}`.
    pub resource: &'static str,
    /// Members that the service model requires of an answer and the snapshot does not keep: the loopback AWS adds them.
    /// A JSON object; `Name?` only where `Name` is there already, one element of a list stands for all.
    pub required: &'static str,
    /// Puts a written answer in order, where two fields share a place.
    pub finish: Option<fn(&mut Value)>,
    /// The error code for one that is not there.
    pub missing: &'static str,
}

impl Spec {
    /// Starting values for `..Spec::of(…)`.
    pub const fn of(table: Table, list: List) -> Spec {
        Spec {
            table,
            needs: &[],
            list,
            describe: None,
            search: None,
            jobs: None,
            fixed: false,
            summary: &[],
            arn: "",
            created: "CreationTime",
            resource: "",
            required: "",
            finish: None,
            missing: "ValidationException",
        }
    }

    /// Gives the members of a summary the places that they have in a description (`Theirs=Ours`), beside their own.
    pub fn align(&self, summary: &mut Value) {
        for (theirs, ours) in self.summary.iter().filter_map(|member| member.split_once('=')) {
            if let Some(value) = wire::look(summary, theirs).map(Cow::into_owned) {
                wire::put(summary, ours, value);
            }
        }
    }

    /// Every call that filling the table may make, with those for `also` fields.
    pub fn calls<R: Record>() -> Vec<Call> {
        let spec = R::SPEC;
        let mut calls = vec![spec.list.call];
        calls.extend(spec.describe.map(|ask| ask.call));
        calls.extend(spec.search.map(|_| SEARCH));
        for ask in R::ALSO {
            calls.push(ask.call);
            if ask.call == TAGS.call {
                calls.push(BULK_TAGS);
            }
        }
        calls
    }
}

/// The fields of a record or of a part of one, as declared by [`record!`].
pub trait Fields: Sized {
    /// The places of the fields in answers.
    const PATHS: &'static [&'static str];
    /// The other places that some of them may stand in.
    const OTHER_PATHS: &'static [&'static str];
    /// Makes one out of the description, or out of the summary where that is all there is. Of members that `lacks` names
    /// the description tells nothing, for the reason given.
    fn from_partial(summary: &Value, whole: &Seen<Value>, lacks: &[&str], why: &Gap) -> Self;
    /// Makes one out of a description that tells all.
    fn from_answers(summary: &Value, whole: &Seen<Value>) -> Self {
        Self::from_partial(summary, whole, &[], &Gap::not_collected())
    }
    /// The answer that would make it again, and the gap of the first field that was not seen.
    fn to_answer(&self) -> (Value, Option<Gap>);
    /// What it names.
    fn collect_names<'w>(&'w self, out: &mut Names<'w>);
}

/// A type of resource.
pub trait Record: Fields + Default + Clone + serde::Serialize + Send + Sync + 'static {
    /// Everything about it but its fields.
    const SPEC: Spec;
    /// The questions behind its `also` fields, in their order.
    const ALSO: &'static [Ask];
    /// Fills an `also` field with the answer to its question.
    fn fill_also(&mut self, number: usize, answer: &Seen<Value>);
    /// The answer that would fill the field so.
    ///
    /// # Errors
    /// The gap of a field that was not seen.
    fn spill_also(&self, number: usize) -> Result<Value, Gap>;
    /// Its tags, if it keeps them.
    fn tags(&self) -> Option<&Seen<Vec<Tag>>> {
        None
    }
    /// Where it lies.
    fn table(region: &Region) -> &Listed<Self>;
    /// The same, to fill.
    fn table_mut(region: &mut Region) -> &mut Listed<Self>;

    /// What it names.
    fn references(&self) -> Vec<Reference<'_>> {
        let mut names = Names::default();
        self.collect_names(&mut names);
        names.0
    }
    /// The kinds of things that such a resource can name.
    fn kinds_named() -> Vec<What> {
        let unseen = Self::default();
        let mut kinds: Vec<What> = unseen.references().iter().map(|reference| reference.what).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}

/// What is known of one resource.
#[derive(Clone, Copy)]
pub(crate) struct Answers<'a> {
    pub(crate) summary: &'a Value,
    pub(crate) whole: &'a Seen<Value>,
    pub(crate) lacks: &'a [&'a str],
    pub(crate) why: &'a Gap,
}

impl<'a> Answers<'a> {
    /// The answer to a question of its own.
    pub(crate) fn to_one(whole: &'a Seen<Value>, why: &'a Gap) -> Self {
        Answers { summary: &Value::Null, whole, lacks: &[], why }
    }

    /// One place of an answer, for a field that may also stand in the summary.
    fn find(&self, paths: &[&str]) -> Found<'a> {
        let look = |value: &'a Value| paths.iter().find_map(|path| wire::look(value, path));
        let lacking = |path: &&str| self.lacks.contains(&path.split(['.', '[']).next().unwrap_or_default());
        match self.whole {
            Seen::Is(whole) => match look(whole) {
                Some(value) => Found::Value(value),
                None if paths.iter().any(lacking) => Found::Hidden(self.why),
                None => Found::Nothing,
            },
            Seen::Unset => Found::Nothing,
            Seen::Unseen(gap) => {
                // The whole answer is not there, so a field that reads several places has nothing to read.
                let listed = if paths.contains(&"") { None } else { look(self.summary) };
                listed.map_or(Found::Hidden(gap), Found::Value)
            }
        }
    }
}

/// Fills a field of a record; what cannot be read and cannot say so counts as left out.
pub(crate) fn fill<F, S: Slot<F> + Default>(paths: &[&str], from: Answers<'_>) -> S {
    S::fill(paths.first().copied().unwrap_or_default(), from.find(paths)).unwrap_or_default()
}

/// Fills a field of a part.
pub(crate) fn fill_part<F, S: Slot<F>>(paths: &[&str], part: &Value) -> Result<S, String> {
    let found = paths.iter().find_map(|path| wire::look(part, path)).map_or(Found::Nothing, Found::Value);
    S::fill(paths.first().copied().unwrap_or_default(), found)
}

/// Writes a field to its place.
pub(crate) fn spill<F, S: Slot<F>>(field: &S, path: &str, answer: &mut Value, gap: &mut Option<Gap>) {
    match field.spill() {
        Ok(Value::Null) => {}
        // An empty list of what lies in the elements of another says nothing of that one.
        Ok(Value::Array(all)) if all.is_empty() && path.contains("[]") => {}
        Ok(value) => wire::put(answer, path, value),
        Err(why) => *gap = gap.take().or(Some(why)),
    }
}

/// The start of every answer.
pub(crate) fn blank() -> Value {
    json!({})
}

macro_rules! form {
    () => {
        $crate::snapshot::wire::Plain
    };
    ($form:ty) => {
        $form
    };
}
pub(crate) use form;

/// Declares parts: what lies inside a record.
macro_rules! part {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[$doc:meta])* $field:ident : $type:ty = $path:literal $(| $other:literal)* $(as $form:ty)? $(=> $($what:ident)&+)? ),* $(,)?
        }
    )+) => { $(
        $crate::snapshot::model! {
            $(#[$meta])*
            pub struct $name { $( #[doc = $path] $(#[$doc])* pub $field: $type, )* }
        }

        impl $crate::snapshot::wire::Wire for $name {
            fn read(value: &serde_json::Value) -> Result<Option<Self>, String> {
                if !value.is_object() {
                    return Err("is not an object".to_owned());
                }
                Ok(Some($name {
                    $( $field: $crate::snapshot::record::fill_part::<$crate::snapshot::record::form!($($form)?), _>(&[$path $(, $other)*], value)?, )*
                }))
            }
            fn write(&self) -> serde_json::Value {
                #[allow(unused_mut)]
                let (mut answer, mut gap) = ($crate::snapshot::record::blank(), None);
                $( $crate::snapshot::record::spill::<$crate::snapshot::record::form!($($form)?), _>(&self.$field, $path, &mut answer, &mut gap); )*
                answer
            }
            fn names<'w>(&'w self, what: $crate::snapshot::What, field: &'static str, out: &mut $crate::snapshot::Names<'w>) {
                let _ = (what, field, &out);
                $( $( $(
                    if what == $crate::snapshot::What::$what {
                        $crate::snapshot::wire::Naming::names(&self.$field, what, field, out);
                    }
                )+ )? )*
            }
        }
    )+ };
}
pub(crate) use part;

/// Declares a type of resource: each field with its place in the description (`= "Path"`), other places it may stand in
/// (`| "Other"`), the way it is written there (`as Form`), and the kind of thing it names (`=> Role`; of a part
/// `=> Key` follows the part's own fields). `also` fields come from questions of their own.
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $name:ident in $table:ident {
            $( $(#[$doc:meta])* $field:ident : $type:ty = $path:literal $(| $other:literal)* $(as $form:ty)? $(=> $($what:ident)&+)? ),* $(,)?
        }
        $( also { $( $(#[$also_doc:meta])* $also:ident : $also_type:ty = $ask:path, $also_path:literal $(as $also_form:ty)? ; )* } )?
        $( with $tags:ident )?
        by $spec:expr
    ) => {
        $crate::snapshot::model! {
            $(#[$meta])*
            pub struct $name {
                $( #[doc = $path] $(#[$doc])* pub $field: $type, )*
                $( $( #[doc = $also_path] $(#[$also_doc])* pub $also: $also_type, )* )?
                $( /// Tags, by whichever call shows them
                pub $tags: $crate::snapshot::Seen<Vec<$crate::snapshot::Tag>>, )?
            }
        }

        impl $crate::snapshot::Fields for $name {
            const PATHS: &'static [&'static str] = &[$($path,)*];
            const OTHER_PATHS: &'static [&'static str] = &[$($($other,)*)*];
            #[allow(clippy::needless_update)]
            fn from_partial(
                summary: &serde_json::Value,
                whole: &$crate::snapshot::Seen<serde_json::Value>,
                lacks: &[&str],
                why: &$crate::snapshot::Gap,
            ) -> Self {
                let from = $crate::snapshot::record::Answers { summary, whole, lacks, why };
                $name {
                    $( $field: $crate::snapshot::record::fill::<$crate::snapshot::record::form!($($form)?), _>(&[$path $(, $other)*], from), )*
                    ..Default::default()
                }
            }
            fn to_answer(&self) -> (serde_json::Value, Option<$crate::snapshot::Gap>) {
                let (mut answer, mut gap) = ($crate::snapshot::record::blank(), None);
                $( $crate::snapshot::record::spill::<$crate::snapshot::record::form!($($form)?), _>(&self.$field, $path, &mut answer, &mut gap); )*
                (answer, gap)
            }
            fn collect_names<'w>(&'w self, out: &mut $crate::snapshot::Names<'w>) {
                let _ = &out;
                $( $( $(
                    $crate::snapshot::wire::Naming::names(
                        &self.$field, $crate::snapshot::What::$what, stringify!($field), out);
                )+ )? )*
            }
        }

        impl $crate::snapshot::Record for $name {
            const SPEC: $crate::snapshot::Spec = $spec;
            const ALSO: &'static [$crate::snapshot::Ask] = &[$( $($ask,)* )? $( { let _ = stringify!($tags); $crate::snapshot::TAGS }, )?];
            fn fill_also(&mut self, number: usize, answer: &$crate::snapshot::Seen<serde_json::Value>) {
                let why = $crate::snapshot::Gap::not_collected();
                #[allow(unused_mut)]
                let mut at = 0;
                $( $(
                    if number == at {
                        self.$also = $crate::snapshot::record::fill::<$crate::snapshot::record::form!($($also_form)?), _>(&[$also_path], $crate::snapshot::record::Answers::to_one(answer, &why));
                    }
                    at += 1;
                )* )?
                $(
                    if number == at {
                        self.$tags = $crate::snapshot::record::fill::<$crate::snapshot::wire::Every, _>(&["Tags"], $crate::snapshot::record::Answers::to_one(answer, &why));
                    }
                    at += 1;
                )?
                let _ = (at, number, answer, why);
            }
            fn spill_also(&self, number: usize) -> Result<serde_json::Value, $crate::snapshot::Gap> {
                #[allow(unused_mut)]
                let (mut answer, mut gap) = ($crate::snapshot::record::blank(), None);
                #[allow(unused_mut)]
                let mut at = 0;
                $( $(
                    if number == at {
                        $crate::snapshot::record::spill::<$crate::snapshot::record::form!($($also_form)?), _>(&self.$also, $also_path, &mut answer, &mut gap);
                    }
                    at += 1;
                )* )?
                $(
                    if number == at {
                        $crate::snapshot::record::spill::<$crate::snapshot::wire::Every, _>(&self.$tags, "Tags", &mut answer, &mut gap);
                    }
                    at += 1;
                )?
                let _ = (at, number, &mut gap);
                gap.map_or(Ok(answer), Err)
            }
            $(
                fn tags(&self) -> Option<&$crate::snapshot::Seen<Vec<$crate::snapshot::Tag>>> {
                    Some(&self.$tags)
                }
            )?
            fn table(region: &$crate::snapshot::Region) -> &$crate::snapshot::Listed<Self> {
                &region.$table
            }
            fn table_mut(region: &mut $crate::snapshot::Region) -> &mut $crate::snapshot::Listed<Self> {
                &mut region.$table
            }
        }
    };
}
pub(crate) use record;
