//! The types of resources, a line each: type, table, key in a snapshot, kind in findings, what the table holds. `job` marks
//! types that pile up as history. Whatever goes through all types asks one of the two macros here.

/// Calls a macro with the rows of the types that [`Workload`](crate::engine::Workload) does not know by name.
#[macro_export]
macro_rules! with_other_records {
    ($each:ident) => {
        $crate::with_other_records! { @after $each [] }
    };
    (@after $each:ident [$($before:tt)*]) => {
        $each! {
            $($before)*
            CodeRepository CodeRepositories code_repositories "code-repository" "Git repositories";
        }
    };
}

/// Calls a macro with the rows of all types.
#[macro_export]
macro_rules! with_records {
    ($each:ident) => {
        $crate::with_other_records! { @after $each [
            Notebook Notebooks notebooks "notebook-instance" "Notebook instances";
            LifecycleConfig LifecycleConfigs lifecycle_configs "notebook-lifecycle-config" "Notebook lifecycle configurations";
            TrainingJob TrainingJobs training_jobs "training-job" "Training jobs within the look-back window, and running ones" job;
            ProcessingJob ProcessingJobs processing_jobs "processing-job" "Processing jobs within the look-back window, and running ones" job;
            Model Models models "model" "Models";
            EndpointConfig EndpointConfigs endpoint_configs "endpoint-config" "Endpoint configurations";
            Endpoint Endpoints endpoints "endpoint" "Endpoints";
        ] }
    };
}

use super::{Call, Record, Spec, Table};

/// A type of resource as data: for whatever needs no instance of it.
#[derive(Debug)]
pub struct About {
    /// The type.
    pub record: &'static str,
    /// The table it fills.
    pub table: Table,
    /// How it is asked for.
    pub spec: Spec,
    /// The places that its fields come from, in the description or in the summary of a type without one.
    pub paths: &'static [&'static str],
    /// Every call that filling the table may make.
    pub calls: Vec<Call>,
}

/// All types, in collection order.
pub fn all() -> Vec<About> {
    macro_rules! about {
        ($($record:ident $table:ident $key:ident $kind:literal $doc:literal $($job:ident)?;)*) => {
            vec![$( About {
                record: stringify!($record),
                table: Table::$table,
                spec: <super::$record as Record>::SPEC,
                paths: <super::$record as super::Fields>::PATHS,
                calls: Spec::calls::<super::$record>(),
            }, )*]
        };
    }
    with_records!(about)
}
