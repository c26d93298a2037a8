#!/bin/sh
# Waits until Temporal is healthy, not only its port open; then creates Mailroom's namespace and the attributes that
# its workflows set. Safe to run at every start.
set -eu

attempts=60
until temporal operator cluster health >/dev/null 2>&1; do
  attempts=$((attempts - 1))
  if [ "$attempts" -eq 0 ]; then
    echo "Temporal at $TEMPORAL_ADDRESS did not become healthy within two minutes" >&2
    exit 1
  fi
  sleep 2
done

if ! temporal operator namespace describe -n "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace create --retention 7d -n "$TEMPORAL_NAMESPACE"
fi

# A new namespace reaches all parts of the server a few seconds later.
attempts=30
until known=$(temporal operator search-attribute list 2>/dev/null); do
  attempts=$((attempts - 1))
  [ "$attempts" -gt 0 ] || exit 1
  sleep 1
done
for attribute in $SEARCH_ATTRIBUTES; do
  name=${attribute%=*}
  case $known in
    *"$name "*) ;;
    *) temporal operator search-attribute create --name "$name" --type "${attribute#*=}" ;;
  esac
done
echo "Namespace $TEMPORAL_NAMESPACE is ready"
