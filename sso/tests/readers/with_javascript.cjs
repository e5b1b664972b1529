// Prints, as JSON, what the AWS SDK for JavaScript makes of a profile. Arguments: where the SDK is installed, and the
// profile. Exits with 1 and the error's text on stderr if there are no credentials.
const { createRequire } = require("node:module");
const path = require("node:path");

const [directory, profile] = process.argv.slice(2);
const sdk = createRequire(path.join(directory, "package.json"));
const { fromIni } = sdk("@aws-sdk/credential-providers");

fromIni({ profile })()
  .then((credentials) => {
    console.log(JSON.stringify({ key: credentials.accessKeyId, account: credentials.accountId ?? null }));
  })
  .catch((error) => {
    console.error(`${error.name}: ${error.message}`);
    process.exit(1);
  });
