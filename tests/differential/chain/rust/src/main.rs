//! Prints, as JSON, which credentials the AWS SDK for Rust settles on in each case of the file named by the first
//! argument. Servers are played: each one answers with an access key id that says who asked it, so that the id of
//! the end result tells the whole chain.

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::environment::region::EnvironmentVariableRegionProvider;
use aws_config::meta::region::ProvideRegion;
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::provider::ProvideCredentials;
use aws_smithy_runtime_api::client::http::{
    http_client_fn, HttpConnector, HttpConnectorFuture, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use aws_config::Region;
use serde_json::{json, Value};

#[derive(Debug)]
struct Played;

impl HttpConnector for Played {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = answer_to(&request);
        let response = HttpResponse::new(200.try_into().expect("a status"), SdkBody::from(body));
        HttpConnectorFuture::ready(Ok(response))
    }
}

fn answer_to(request: &HttpRequest) -> String {
    if request.uri().contains("/federation/credentials") {
        return r#"{"roleCredentials":{"accessKeyId":"SSO","secretAccessKey":"s","sessionToken":"t","expiration":4000000000000}}"#.into();
    }
    if request.uri().starts_with("http://127.0.0.1") {
        return r#"{"AccessKeyId":"CONTAINER","SecretAccessKey":"s","Token":"t","Expiration":"2099-01-01T00:00:00Z"}"#.into();
    }
    let form = String::from_utf8_lossy(request.body().bytes().unwrap_or_default()).into_owned();
    let field = |name: &str| {
        let value = form.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        value.unwrap_or_default().to_owned()
    };
    let arn = field("RoleArn").replace("%3A", ":").replace("%2F", "/");
    let role = arn.rsplit('/').next().unwrap_or_default();
    let action = field("Action");
    let id = match action.as_str() {
        "AssumeRole" => {
            let signed = request.headers().get("authorization").unwrap_or_default();
            let signer = signed.split("Credential=").nth(1).and_then(|s| s.split('/').next());
            format!("ROLE-{role}-{}", signer.unwrap_or_default())
        }
        "AssumeRoleWithWebIdentity" => format!("WEB-{role}"),
        _ => panic!("nobody plays {}", request.uri()),
    };
    format!(
        "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result><Credentials>\
         <AccessKeyId>{id}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
         <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></{action}Result></{action}Response>"
    )
}

async fn answer(case: &Value) -> Value {
    for (name, _) in std::env::vars_os() {
        std::env::remove_var(name);
    }
    for (name, value) in case["env"].as_object().expect("an environment") {
        std::env::set_var(name, value.as_str().expect("a value").replace("PORT", "80"));
    }
    let client = http_client_fn(|_, _| SharedHttpConnector::new(Played));
    let config = ProviderConfig::default().with_http_client(client);
    let profile = case["profile"].as_str();
    // The default chain but for its last part, the instance's metadata service.
    let mut of_profile = ProfileFileRegionProvider::builder().configure(&config);
    let mut chain = DefaultCredentialsChain::builder().configure(config);
    if let Some(profile) = profile {
        of_profile = of_profile.profile_name(profile);
        chain = chain.profile_name(profile);
    }
    let region = match EnvironmentVariableRegionProvider::new().region().await {
        Some(region) => Some(region),
        None => of_profile.build().region().await,
    };
    // A call needs some region, and the chain does not depend on which.
    let some = region.clone().filter(|r| !r.as_ref().is_empty() && !r.as_ref().contains(' '));
    chain = chain.region(some.unwrap_or_else(|| Region::from_static("us-east-1")));
    let region = region.map(|r| r.as_ref().to_owned());
    match chain.build().await.provide_credentials().await {
        Ok(credentials) => json!({ "id": credentials.access_key_id(), "region": region }),
        Err(error) => json!({ "error": format!("{error:?}"), "region": region }),
    }
}

fn main() {
    let path = std::env::args().nth(1).expect("the file with the cases");
    let cases = std::fs::read_to_string(path).expect("the cases can be read");
    let cases: Vec<Value> = serde_json::from_str(&cases).expect("the cases are JSON");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let answers: Vec<Value> = cases.iter().map(|case| runtime.block_on(answer(case))).collect();
    println!("{}", Value::from(answers));
}
