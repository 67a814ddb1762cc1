#!/usr/bin/env bash
# Builds the solution in Release and runs every test project.
#
#   tests/run.sh                       everything
#   tests/run.sh Domain Web.Tests      the projects whose names contain one of the words
#
# The last line is "N passed, N failed, N skipped". The exit code is not 0 when the build or a test fails, when a project runs
# no test, and, with CI=true, when a test is skipped. Results (.trx) and full output are left in artifacts/tests.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
budget=880 # seconds for everything: a hanging run ends by itself, and says where, within 15 minutes
results=artifacts/tests

# Programs that only some tests need. What can't be installed here makes those tests skip, with the reason.
install_programs() {
  local missing=()
  command -v redis-server >/dev/null || missing+=(redis-server)
  command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || missing+=(chromium-headless-shell)
  command -v ps >/dev/null || missing+=(procps)
  [ -x /usr/bin/python3 ] || missing+=(python3)
  /usr/bin/python3 -c 'import requests' 2>/dev/null || missing+=(python3-requests)
  /usr/bin/python3 -c 'import websocket' 2>/dev/null || missing+=(python3-websocket)
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "not installed: ${missing[*]} (needs root and apt-get); tests that need them are skipped"
    return 0
  fi

  echo "installing: ${missing[*]}"
  # Debian starts a Redis on 6379 when the package arrives; the tests start their own, so a policy forbids it meanwhile.
  local policy=/usr/sbin/policy-rc.d own_policy=
  if [ ! -e "$policy" ] && printf '#!/bin/sh\nexit 101\n' >"$policy" 2>/dev/null; then
    chmod +x "$policy"
    own_policy=yes
  fi
  local apt=(timeout 300 env DEBIAN_FRONTEND=noninteractive apt-get -qq)
  "${apt[@]}" update >/dev/null 2>&1
  "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null 2>&1 </dev/null ||
    for package in "${missing[@]}"; do
      "${apt[@]}" install -y --no-install-recommends "$package" >/dev/null 2>&1 </dev/null || echo "could not install $package"
    done
  [ -z "$own_policy" ] || rm -f "$policy"
}

wanted() {
  local project=$1 word
  shift
  [ $# -gt 0 ] || return 0
  for word in "$@"; do [[ $project == *"$word"* ]] && return 0; done
  return 1
}

run_project() {
  local project=$1 started=$SECONDS left=$((budget - SECONDS))
  [ "$left" -gt 5 ] || left=5
  timeout --kill-after=10 "$left" dotnet test "tests/$project" --no-build -c Release --nologo \
    --results-directory "$results" --logger "trx;LogFileName=$project.trx" --logger "console;verbosity=minimal" \
    --blame-hang --blame-hang-timeout 240s --blame-hang-dump-type none >"$results/$project.log" 2>&1 </dev/null
  echo "$? $((SECONDS - started))" >"$results/$project.exit"
}

count() { grep -oE '<UnitTestResult [^>]*outcome="[A-Za-z]+"' "$results/$1.trx" 2>/dev/null | grep -cE "outcome=\"($2)\""; }

# Prints each skipped test with the reason its Assert.Ignore gave.
skips() {
  awk '
    /<UnitTestResult / { test = ""; if (/outcome="NotExecuted"/) { test = $0; sub(/.*testName="/, "", test); sub(/".*/, "", test) } }
    test != "" && /<(Message|StdOut)>/ { reason = $0; sub(/.*<(Message|StdOut)>/, "", reason); sub(/<\/.*/, "", reason)
      print "  skipped " test ": " reason; test = "" }
    test != "" && /(\/>|<\/UnitTestResult>)$/ { print "  skipped " test; test = "" }' "$results/$1.trx"
}

passed=0 failed=0 skipped=0 verdict=0
report() {
  local project=$1 code seconds p s f
  read -r code seconds <"$results/$project.exit"
  p=$(count "$project" Passed) s=$(count "$project" NotExecuted) f=$(count "$project" '[A-Z][A-Za-z]*')
  f=$((f - p - s))
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  printf '%-32s %4d passed, %d failed, %d skipped  %3d s\n' "$project" "$p" "$f" "$s" "$seconds"
  [ "$s" = 0 ] || skips "$project"
  if [ "$code" != 0 ] || [ "$f" != 0 ]; then
    verdict=1
    cat "$results/$project.log"
    [ "$f" != 0 ] || echo "$project: the test run itself failed (exit code $code)"
  fi
  if [ $((p + f + s)) = 0 ]; then
    verdict=1
    echo "$project: ran no test"
  fi
}

finish() {
  echo "$passed passed, $failed failed, $skipped skipped"
  exit "$verdict"
}

rm -rf "$results"
mkdir -p "$results"
# Projects that start servers and measure time have the machine to themselves, after the others.
together=() alone=()
for file in tests/*/*.Tests.csproj; do
  project=$(basename "$file" .csproj)
  wanted "$project" "$@" || continue
  case $project in
    *Infrastructure.Tests | *EndToEnd.Tests) alone+=("$project") ;;
    *) together+=("$project") ;;
  esac
done
if [ $((${#together[@]} + ${#alone[@]})) = 0 ]; then
  echo "no test project matches: $*"
  verdict=1
  finish
fi

install_programs
if ! timeout --kill-after=10 "$budget" dotnet build LogApi.sln -c Release -v quiet --nologo >"$results/build.log" 2>&1 </dev/null; then
  sort -u "$results/build.log"
  echo "the build failed"
  verdict=1
  finish
fi
echo "built in $SECONDS s"

for project in "${together[@]}"; do
  while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
  run_project "$project" &
done
wait
for project in "${alone[@]}"; do run_project "$project"; done
for project in "${together[@]}" "${alone[@]}"; do report "$project"; done
if [ "$skipped" != 0 ] && [ "${CI:-}" = true ]; then
  echo "CI=true: a skipped test fails the run"
  verdict=1
fi
finish
