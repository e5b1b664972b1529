//! The rules of each tool, one file per tool.

pub(super) mod boto3;
mod botocore;
pub(super) mod cli;
pub(super) mod go;
pub(super) mod java;
pub(super) mod js;
pub(super) mod rust;
