#!/usr/bin/env bash
# Keeps one issue open about a stack that differs from what exists, and closes it when it does not any more.
#   drift-issue.sh STACK RESULT REPORT.md
# RESULT is the exit code of `npm run drift:all`: 0 clean, 1 differences, anything else could not be compared, which changes
# no issue. Needs GH_TOKEN, GH_REPO and RUN_URL.
set -euo pipefail
stack=$1 result=$2 report=$3
# GitHub accepts 65,536 characters.
most=60000
title="Drift in $stack"

number=$(gh issue list --state open --label drift --limit 100 --json number,title \
    --jq ".[] | select(.title == \"$title\") | .number" | head -n 1)

case $result in
    0)
        if [ -n "$number" ]; then
            gh issue close "$number" --comment "No difference any more: $RUN_URL"
        fi
        ;;
    1)
        body=$(mktemp)
        {
            head -c "$most" "$report"
            echo
            echo "Undo or accept each of them: docs/operations.md#drift. Found by $RUN_URL"
        } > "$body"
        if [ -n "$number" ]; then
            gh issue edit "$number" --body-file "$body"
        else
            gh label create drift --description "What exists differs from what is planned" --force
            gh issue create --title "$title" --label drift --body-file "$body"
        fi
        ;;
    *)
        echo "$stack could not be compared."
        exit 1
        ;;
esac
