// Prints, as JSON, what the AWS SDK for JavaScript reads from the cases in the file named by the first argument.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { createRequire } = require("node:module");

const [cases, modules] = process.argv.slice(2);
const reader = createRequire(path.join(modules, "index.js"))("@smithy/core/config");

/** The profiles of the config file stand among its other sections, which carry their kind before the name. */
const profiles = (sections) =>
  Object.fromEntries(Object.entries(sections).filter(([name]) => !/^(sso-session|services)\./.test(name)));

const services = (sections) =>
  Object.fromEntries(
    Object.entries(sections)
      .filter(([name]) => name.startsWith("services."))
      .map(([name, keys]) => [name.slice("services.".length), keys]),
  );

const main = async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "differential-"));
  const answers = [];
  for (const [number, { config, credentials }] of JSON.parse(fs.readFileSync(cases, "utf8")).entries()) {
    // The reader remembers files by their path: each case needs its own.
    const configFilepath = path.join(folder, `config-${number}`);
    const filepath = path.join(folder, `credentials-${number}`);
    fs.writeFileSync(configFilepath, config);
    fs.writeFileSync(filepath, credentials);
    const { configFile, credentialsFile } = await reader.loadSharedConfigFiles({ configFilepath, filepath });
    const sso_sessions = await reader.loadSsoSessionData({ configFilepath });
    const names = new Set([...Object.keys(profiles(configFile)), ...Object.keys(credentialsFile)]);
    const merged = await reader.parseKnownFiles({ configFilepath, filepath, ignoreCache: true });
    answers.push({
      config: { profiles: profiles(configFile), sso_sessions, services: services(configFile) },
      credentials: { profiles: credentialsFile, sso_sessions: {}, services: {} },
      merged: { profiles: Object.fromEntries(Object.entries(merged).filter(([name]) => names.has(name))) },
    });
  }
  fs.rmSync(folder, { recursive: true });
  process.stdout.write(JSON.stringify(answers));
};

main();
