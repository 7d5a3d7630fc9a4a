"""Validate report.sarif and report.junit in a folder, beside the schemas: .ci/check-formats calls this."""

import json
import pathlib
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree

import jsonschema
import xmlschema


def sarif(folder: pathlib.Path) -> int:
    log = json.loads((folder / "report.sarif").read_text(encoding="utf-8"))
    schema = json.loads((folder / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
    formats = jsonschema.Draft7Validator.FORMAT_CHECKER
    assert {"uri", "uri-reference"} <= set(formats.checkers), "nothing here checks URIs"
    validator = jsonschema.Draft4Validator(schema, format_checker=formats)
    faults = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(log)]
    assert not faults, "\n".join(faults[:10])
    (run,) = log["runs"]
    results = run["results"]
    for result in results:
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"], result
    files = {place["uri"]: place["uriBaseId"] for place in locations(results)}
    for uri, base in files.items():
        whole = urllib.parse.urljoin(run["originalUriBaseIds"][base]["uri"], uri)
        path = urllib.parse.unquote_to_bytes(urllib.parse.urlsplit(whole).path)
        assert pathlib.Path(path.decode(errors="surrogateescape")).is_file(), f"{uri} leads to no file: {path}"
    fingerprints = [result["partialFingerprints"]["flakeless/v1"] for result in results]
    assert len(set(fingerprints)) == len(results), "two results have one fingerprint"
    return len(results)


def locations(results: list) -> list:
    """Where results and their evidence lie; fixes may make files."""
    places = [place for result in results for place in result["locations"] + result.get("relatedLocations", [])]
    return [place["physicalLocation"]["artifactLocation"] for place in places]


def junit(folder: pathlib.Path) -> int:
    report = folder / "report.junit"
    xmlschema.XMLSchema(str(folder / "junit-10.xsd")).validate(str(report))
    root = ElementTree.parse(report).getroot()
    cases = root.findall("testsuite/testcase")
    failures = root.findall("testsuite/testcase/failure")
    assert cases, "a report without any case"
    assert (int(root.get("tests")), int(root.get("failures"))) == (len(cases), len(failures))
    names = [(suite.get("name"), case.get("name")) for suite in root for case in suite]
    assert len(set(names)) == len(names), "two cases have one name"
    return len(failures)


def main() -> None:
    folder, paths = pathlib.Path(sys.argv[1]), sys.argv[2]
    results, failures = sarif(folder), junit(folder)
    assert results == failures, f"{results} results, {failures} failures"
    print(f"{paths}: {results} hints, valid as SARIF 2.1.0 and as JUnit's XML")


main()
