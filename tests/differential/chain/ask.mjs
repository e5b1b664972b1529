// Prints, as JSON, which credentials the AWS SDK for JavaScript settles on in each case of the file named by the
// first argument; the second is the folder with its packages. Servers are played: each one answers with an access
// key id that says who asked it, so that the id of the end result tells the whole chain.
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { Readable } from "node:stream";
import { createRequire } from "node:module";

const [cases, modules] = process.argv.slice(2);
const require = createRequire(path.join(modules, "index.js"));
const { fromNodeProviderChain } = require("@aws-sdk/credential-providers");
const { loadConfig, NODE_REGION_CONFIG_OPTIONS, NODE_REGION_CONFIG_FILE_OPTIONS } = require("@smithy/core/config");
const { HttpResponse } = require("@smithy/core/protocols");

console.warn = () => {};
// With mfa_serial it gives up while it still waits for the source's credentials, and lets their failure go unheard.
process.on("unhandledRejection", () => {});

const sts = (action, id) =>
  `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result><Credentials>` +
  `<AccessKeyId>${id}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>` +
  `<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></${action}Result></${action}Response>`;

const answerTo = (request) => {
  if (request.path.startsWith("/federation/credentials")) {
    const roleCredentials = { accessKeyId: "SSO", secretAccessKey: "s", sessionToken: "t", expiration: 4e12 };
    return JSON.stringify({ roleCredentials });
  }
  const form = new URLSearchParams(String(request.body ?? ""));
  const role = (form.get("RoleArn") ?? "").split("/").pop();
  switch (form.get("Action")) {
    case "AssumeRole": {
      const [, signer] = /Credential=([^/]+)/.exec(request.headers.authorization);
      return sts("AssumeRole", `ROLE-${role}-${signer}`);
    }
    case "AssumeRoleWithWebIdentity":
      return sts("AssumeRoleWithWebIdentity", `WEB-${role}`);
    default:
      throw new Error(`nobody plays ${request.hostname}${request.path}`);
  }
};

const requestHandler = {
  metadata: { handlerProtocol: "http/1.1" },
  async handle(request) {
    const text = answerTo(request);
    const headers = { "content-type": text.startsWith("<") ? "text/xml" : "application/json" };
    const body = Readable.from([Buffer.from(text)]);
    return { response: new HttpResponse({ statusCode: 200, headers, body }) };
  },
  updateHttpClientConfig() {},
  httpHandlerConfigs: () => ({}),
};

const container = http.createServer((_, response) => {
  const credentials = { AccessKeyId: "CONTAINER", SecretAccessKey: "s", Token: "t", Expiration: "2099-01-01T00:00:00Z" };
  response.end(JSON.stringify(credentials));
});

const answer = async ({ env, profile }, port) => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  for (const [name, value] of Object.entries(env)) process.env[name] = value.replace("PORT", port);
  let region = null;
  try {
    const options = { ...NODE_REGION_CONFIG_FILE_OPTIONS, ...(profile === null ? {} : { profile }) };
    region = await loadConfig({ ...NODE_REGION_CONFIG_OPTIONS, default: undefined }, options)();
  } catch {}
  try {
    const provider = fromNodeProviderChain({ ...(profile === null ? {} : { profile }), clientConfig: { requestHandler }, parentClientConfig: { requestHandler } });
    const { accessKeyId } = await provider();
    return { id: accessKeyId, region: region ?? null };
  } catch (error) {
    return { error: error.name, message: error.message, region: region ?? null };
  }
};

container.listen(0, "127.0.0.1", async () => {
  const { port } = container.address();
  const answers = [];
  for (const each of JSON.parse(fs.readFileSync(cases, "utf8"))) {
    each.env.PATH ??= process.env.PATH ?? "/usr/bin:/bin";
    answers.push(await answer(each, port));
  }
  process.stdout.write(JSON.stringify(answers));
  container.close();
  container.closeAllConnections();
});
