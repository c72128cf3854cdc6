"""Validates JSON files against a JSON Schema: validate_schema.py SCHEMA FILE...

Exit status 0 if all are valid, 1 if one is not (each mistake on a line), 2 for bad usage, 77 if the Debian package
python3-jsonschema is missing.
"""
import json
import sys


def main(arguments):
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        import jsonschema
    except ImportError:
        print("the Debian package python3-jsonschema is not installed: run checker/setup")
        return 77
    with open(arguments[0], encoding="utf-8") as file:
        schema = json.load(file)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema, format_checker=kind.FORMAT_CHECKER)
    valid = True
    for path in arguments[1:]:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        for error in sorted(validator.iter_errors(document), key=lambda e: e.json_path):
            print(f"{path}: {error.json_path}: {error.message[:200]}")
            valid = False
    return 0 if valid else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
