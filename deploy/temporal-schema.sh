#!/bin/sh
# Creates Temporal's databases, or brings them to the schema of the tools' version. Safe to run at every start, and
# before the server of a new version.
set -eu

SQL_PASSWORD=$(cat "$SQL_PASSWORD_FILE")
export SQL_PASSWORD

sql() {
  database=$1
  shift
  temporal-sql-tool --plugin postgres12 --ep "$SQL_HOST" -p 5432 -u "$SQL_USER" --db "$database" "$@"
}

prepare() {
  versions=/etc/temporal/schema/postgresql/v12/$2/versioned
  if said=$(sql "$1" update-schema -d "$versions" 2>&1); then
    echo "The schema of $1 is up to date"
    return
  fi
  # Only a database that is new is set up: on one that is not, that would begin all updates anew.
  case $said in
    *schema_version*'does not exist'*) ;;
    *'database '*'does not exist'*) sql "$1" create ;;
    *)
      echo "$said" >&2
      exit 1
      ;;
  esac
  sql "$1" setup-schema -v 0.0
  sql "$1" update-schema -d "$versions"
}

prepare temporal temporal
prepare temporal_visibility visibility
