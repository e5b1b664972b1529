# shellcheck shell=bash
# The homes in which tests/bench and packaging/test measure, below $work.
: "${work:?}"
# shellcheck disable=SC2034 # For those that source it.

# What a prompt may take with 3 profiles.
most_instructions=300000

# make_home N [NAME]: a home with N profiles. Its last profile is the active one, so that nothing before it can be
# left unread.
make_home() {
  local home=$work/${2:-$1}
  mkdir -p "$home/.aws/sso/cache"
  awk -v n="$1" 'BEGIN {
    print "[sso-session my-sso]\nsso_start_url = https://myorg.awsapps.com/start\nsso_region = eu-west-1\n"
    for (i = 1; i <= n; i++)
      printf "[profile p%d]\nsso_session = my-sso\nsso_account_id = %012d\nsso_role_name = Administrator\nregion = eu-west-1\n\n", i, i
  }' >"$home/.aws/config"
  log_in "$home"
}

# log_in HOME: a token for the next hour; the badge changes in 58 seconds. Nothing was written just now, as it seems:
# the hooks do not trust the times of such files.
log_in() {
  local token
  token=$(printf my-sso | sha1sum)
  printf '{"startUrl": "https://myorg.awsapps.com/start", "region": "eu-west-1", "accessToken": "x", "expiresAt": "%s"}\n' \
    "$(date -u -d '+59 minutes +58 seconds' +%FT%TZ)" >"$1/.aws/sso/cache/${token%% *}.json"
  find "$1" -exec touch -d '1 hour ago' {} +
}

# at N COMMAND…: in the home with N profiles, where the last one is active.
at() { HOME=$work/$1 AWS_PROFILE=p$1 "${@:2}"; }
