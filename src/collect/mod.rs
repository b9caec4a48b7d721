//! Looks at a live account and writes down what it saw: the only place that links the AWS SDK.
