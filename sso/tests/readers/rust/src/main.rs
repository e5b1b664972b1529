//! Prints, as JSON, what the AWS SDK for Rust makes of the profile in `AWS_PROFILE`. Its HTTP is `std`'s own, for
//! plain addresses, so that no TLS has to be built. Exits with 1 and the error's text on stderr if there are no
//! credentials.

use aws_config::Region;
use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::provider::ProvideCredentials;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;

#[derive(Debug)]
struct Plain;

impl HttpConnector for Plain {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::ready(send(&request).map_err(|error| ConnectorError::io(error.into())))
    }
}

fn send(request: &HttpRequest) -> std::io::Result<HttpResponse> {
    let rest = request
        .uri()
        .strip_prefix("http://")
        .ok_or(std::io::ErrorKind::Unsupported)?;
    let (host, target) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let body = request.body().bytes().unwrap_or_default();
    let mut text = format!(
        "{} {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n",
        request.method()
    );
    for (name, value) in request
        .headers()
        .iter()
        .filter(|(name, _)| !matches!(*name, "host" | "content-length"))
    {
        text += &format!("{name}: {value}\r\n");
    }
    text += &format!("content-length: {}\r\n\r\n", body.len());
    let mut stream = TcpStream::connect(host)?;
    stream.write_all(&[text.as_bytes(), body].concat())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let broken = || std::io::Error::from(std::io::ErrorKind::InvalidData);
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .ok_or_else(broken)?;
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1)?.parse::<u16>().ok())
        .ok_or_else(broken)?;
    let status = status.try_into().map_err(|_| broken())?;
    let mut response = HttpResponse::new(status, SdkBody::from(answer[end + 4..].to_vec()));
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        response
            .headers_mut()
            .append(name.to_ascii_lowercase(), value.to_owned());
    }
    Ok(response)
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("the runtime starts").block_on(answer())
}

async fn answer() -> ExitCode {
    let client = http_client_fn(|_, _| SharedHttpConnector::new(Plain));
    let config = ProviderConfig::without_region()
        .with_region(Some(Region::from_static("eu-west-1")))
        .with_http_client(client);
    let chain = DefaultCredentialsChain::builder()
        .configure(config)
        .build()
        .await;
    match chain.provide_credentials().await {
        Ok(credentials) => {
            let account = credentials.account_id().map(|id| id.as_str().to_owned());
            println!(
                "{}",
                serde_json::json!({"key": credentials.access_key_id(), "account": account})
            );
            ExitCode::SUCCESS
        }
        Err(error) => {
            let mut text = error.to_string();
            let mut source = std::error::Error::source(&error);
            while let Some(error) = source {
                text += &format!(": {error}");
                source = error.source();
            }
            eprintln!("{text}");
            ExitCode::FAILURE
        }
    }
}
