//! Prints, as JSON, what the AWS SDK for Rust reads from the cases in the file named by the first argument.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_runtime::env_config::section::EnvConfigSections;
use aws_runtime::env_config::source;
use aws_types::os_shim_internal::{Env, Fs};
use serde_json::{Map, Value, json};

fn main() {
    let path = std::env::args().nth(1).expect("the file with the cases");
    let cases = std::fs::read_to_string(path).expect("the cases can be read");
    let cases: Vec<Value> = serde_json::from_str(&cases).expect("the cases are JSON");
    let answers: Vec<Value> = cases
        .iter()
        .map(|case| {
            let (config, credentials) = (text(&case["config"]), text(&case["credentials"]));
            json!({
                "config": read(config, ""),
                "credentials": read("", credentials),
                "merged": read(config, credentials),
            })
        })
        .collect();
    println!("{}", Value::from(answers));
}

fn text(value: &Value) -> &str {
    value.as_str().expect("the cases are texts")
}

fn read(config: &str, credentials: &str) -> Value {
    let files = EnvConfigFiles::builder()
        .with_contents(EnvConfigFileKind::Config, config)
        .with_contents(EnvConfigFileKind::Credentials, credentials)
        .build();
    let source = at_once(source::load(&Env::from_slice(&[]), &Fs::from_slice(&[]), &files))
        .expect("texts are always loaded");
    let sections = match EnvConfigSections::parse(source) {
        Ok(sections) => sections,
        Err(error) => {
            let message = error.to_string();
            let line = message.split("on line ").nth(1).and_then(|rest| rest.split(':').next());
            return json!({ "line": line.and_then(|line| line.parse::<u32>().ok()), "error": message });
        }
    };
    // A section hands out values by key only: ask for whatever stands before an `=`.
    let keys: BTreeSet<String> = [config, credentials]
        .iter()
        .flat_map(|text| text.lines())
        .filter_map(|line| Some(line.split_once('=')?.0.trim_matches([' ', '\t']).to_ascii_lowercase()))
        .collect();
    let ask = |get: &dyn Fn(&str) -> Option<String>| -> Map<String, Value> {
        keys.iter().filter_map(|key| Some((key.clone(), get(key)?.into()))).collect()
    };
    let profiles: Map<String, Value> = sections
        .profiles()
        .filter_map(|name| Some((name, sections.get_profile(name)?)))
        .map(|(name, profile)| (name.to_owned(), ask(&|key| profile.get(key).map(str::to_owned)).into()))
        .collect();
    let sso_sessions: Map<String, Value> = sections
        .sso_sessions()
        .filter_map(|name| Some((name, sections.sso_session(name)?)))
        .map(|(name, session)| (name.to_owned(), ask(&|key| session.get(key).map(str::to_owned)).into()))
        .collect();
    json!({ "profiles": profiles, "sso_sessions": sso_sessions })
}

/// The result of a future that waits for nothing.
fn at_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("reading texts waits for nothing"),
    }
}
