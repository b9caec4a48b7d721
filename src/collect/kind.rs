//! A type of resource without its type: what collecting needs of a declaration. Listing, Search and describing exist
//! once, and not once for each of a hundred types.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use sagescan_checks::snapshot as model;
use sagescan_checks::snapshot::{Ask, Gap, Listed, Reason, Record, Region, Seen, Spec, Table};
use sagescan_checks::with_all_records;
use serde_json::Value;

use super::ask::bug;

/// A resource of any type.
pub(super) trait Item: Send {
    /// Fills the field behind a further question.
    fn fill_also(&mut self, number: usize, answer: &Seen<Value>);
    /// As a snapshot has it.
    fn to_json(&self) -> String;
    /// Itself, to be given its type back.
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

impl<R: Record> Item for R {
    fn fill_also(&mut self, number: usize, answer: &Seen<Value>) {
        Record::fill_also(self, number, answer);
    }

    fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

/// Makes a resource out of its summary and description ([`Fields::from_partial`](model::Fields::from_partial)).
type Read = fn(&Value, &Seen<Value>, &[&str], &Gap) -> Box<dyn Item>;

/// Resources, each with the answer that would make it again.
pub(super) type Answered = Vec<(Value, Box<dyn Item>)>;

/// A declared type.
pub(super) struct Kind {
    pub(super) spec: Spec,
    /// The further questions about each resource.
    pub(super) also: &'static [Ask],
    read: Read,
    /// Puts the table in its place.
    pub(super) put: fn(Listed<Box<dyn Item>>, &mut Region),
    /// What a complete table holds, but for what was not seen whole.
    pub(super) seen: fn(&Region) -> Option<Answered>,
}

impl Kind {
    /// Makes a resource out of what is known of it. Should that fail, the resource stays, with every field unseen.
    pub(super) fn item(&self, summary: &Value, whole: &Seen<Value>, lacks: &[&str], why: &Gap) -> Box<dyn Item> {
        let read = |whole: &Seen<Value>| catch_unwind(AssertUnwindSafe(|| (self.read)(summary, whole, lacks, why)));
        let nothing = || (self.read)(&Value::Null, &Seen::Unseen(bug()), &[], why);
        read(whole).or_else(|_| read(&Seen::Unseen(bug()))).unwrap_or_else(|_| nothing())
    }
}

fn kind<R: Record>() -> Kind {
    Kind {
        spec: R::SPEC,
        also: R::ALSO,
        read: |summary, whole, lacks, why| Box::new(R::from_partial(summary, whole, lacks, why)),
        put: |table, region| {
            let typed = |item: Box<dyn Item>| item.into_any().downcast::<R>().ok().map(|item| *item);
            let items = table.items.into_iter().filter_map(typed).collect();
            *R::table_mut(region) = Listed { items, missing: table.missing };
        },
        seen: |region| {
            let whole = |item: &R| {
                let (answer, gap) = item.to_answer();
                // What was left out on purpose would be left out again.
                let whole = gap.is_none_or(|gap| gap.reason == Reason::Skipped);
                whole.then(|| (answer, Box::new(item.clone()) as Box<dyn Item>))
            };
            Some(R::table(region).all().ok()?.iter().filter_map(whole).collect())
        },
    }
}

static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    macro_rules! kinds {
        ($($record:ident $table:ident $key:ident $kind:literal $doc:literal $($job:ident)?;)*) => {
            vec![$( kind::<model::$record>(), )*]
        };
    }
    with_all_records!(kinds)
});

/// The type whose resources lie in a table; none for tables that are filled by hand.
pub(super) fn of(table: Table) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.spec.table == table)
}

#[cfg(test)]
mod tests {
    use sagescan_checks::snapshot::Notebook;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_that_cannot_be_read_costs_one_resource_its_fields() {
        let notebooks = of(Table::Notebooks).unwrap();
        let odd = Kind {
            spec: notebooks.spec,
            also: &[],
            read: |summary, whole, lacks, why| {
                assert!(whole.shown().is_none(), "a bug");
                kind::<Notebook>().item(summary, whole, lacks, why)
            },
            put: notebooks.put,
            seen: notebooks.seen,
        };
        let summary = json!({ "NotebookInstanceName": "lab" });
        let whole = Seen::Is(json!({ "NotebookInstanceName": "lab", "RootAccess": "Disabled" }));
        let item = odd.item(&summary, &whole, &[], &Gap::not_collected());
        let mut region = Region::default();
        (odd.put)(Listed::complete(vec![item]), &mut region);
        let lab = &region.notebooks.all().unwrap()[0];
        assert_eq!(lab.name, "lab");
        assert!(lab.root_access.gap().unwrap().detail.contains("bug"));
    }
}
