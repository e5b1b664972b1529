// Starts the native program of this platform, so that it looks as if node had never been there: arguments, standard
// input and output, signals and the exit code are those of the program. Prompts do not run this: the hook calls the
// native program by its own path.
"use strict";

const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const { isatty } = require("node:tty");

function fail(message, hint) {
  process.stderr.write(`error: ${message}\nhint: ${hint}\n`);
  process.exit(1);
}

// Becomes the program, in versions of node that can.
function become(program, args) {
  process.execve(program, [program, ...args], process.env);
}

// Runs the program and ends as it did.
function run(program, args) {
  // Before the program starts, or a signal would end only node. What a key sends from a terminal goes to both already.
  const fromKeys = [0, 1, 2].some((stream) => isatty(stream));
  let child;
  for (const signal of ["SIGINT", "SIGQUIT"]) {
    process.on(signal, () => fromKeys || child.kill(signal));
  }
  for (const signal of ["SIGHUP", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child = spawn(program, args, { stdio: "inherit" });
  child.on("error", (error) => fail(`'${program}' does not start: ${error.code}`, "install awsbadge again"));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    // A signal that node ignores.
    process.exit(128 + constants.signals[signal]);
  });
}

module.exports = (name) => {
  const platform = `awsbadge-${process.platform}-${process.arch}`;
  let program;
  try {
    program = require.resolve(`${platform}/bin/${name}`);
  } catch {
    fail(
      `the package ${platform} is not installed`,
      "if it exists, install awsbadge again, without leaving out optional dependencies; else build from source",
    );
  }
  (typeof process.execve === "function" ? become : run)(program, process.argv.slice(2));
};
