"""fhirclient (PyPI, SMART) against a server that runs: its models of R4 refuse what is not sound."""

import importlib
import unittest

from fhirclient import client
from fhirclient.models.bundle import Bundle
from fhirclient.models.fhirreference import FHIRReference
from fhirclient.models.fhirsearch import FHIRSearch
from fhirclient.models.questionnaire import Questionnaire
from fhirclient.server import FHIRNotFoundException, FHIRPermissionDeniedException, FHIRUnauthorizedException

from standard import BASE, PATIENTS, SEARCHES, TOKEN


def model(kind):
    """The library's class for a type."""
    return getattr(importlib.import_module(f"fhirclient.models.{kind.lower()}"), kind)


def references(value):
    """Every reference within a resource."""
    if isinstance(value, FHIRReference):
        if value.reference:
            yield value.reference
        return
    if isinstance(value, list):
        for one in value:
            yield from references(one)
    elif hasattr(value, "elementProperties"):
        for name, *_ in value.elementProperties():
            yield from references(getattr(value, name))


class Fhirclient(unittest.TestCase):
    def setUp(self):
        self.smart = client.FHIRClient(settings={"app_id": "provider-test", "api_base": BASE})
        self.smart.prepare()
        self.server = self.smart.server
        self.server.session.headers["Authorization"] = f"Bearer {TOKEN}"
        self.addCleanup(self.server.session.close)

    def found(self, search, patient):
        kind, params, include = search
        asked = FHIRSearch(model(kind), {"patient": f"Patient/{patient}", **params})
        address = asked.construct() + (f"&_include={include}" if include else "")
        return Bundle.read_from(address, self.server)

    def test_the_server_says_what_it_is(self):
        statement = self.server.capabilityStatement
        self.assertEqual(statement.fhirVersion, "4.0.1")
        offered = {resource.type for resource in statement.rest[0].resource}
        self.assertLessEqual({kind for kind, *_ in SEARCHES}, offered)

    def test_every_resource_of_every_plan_is_sound(self):
        kinds, followed = set(), set()
        for patient in PATIENTS:
            for search in SEARCHES:
                for entry in self.found(search, patient).entry or []:
                    kinds.add(entry.resource.resource_type)
                    self.assertIsNotNone(entry.resource.as_json())
                    followed.update(references(entry.resource))
        self.assertLessEqual({kind for kind, *_ in SEARCHES}, kinds)
        here = sorted(r for r in followed if "://" not in r and not r.startswith("#"))
        for reference in here[:400]:
            kind, which = reference.split("/", 1)
            resource = model(kind).read(which, self.server)
            self.assertEqual((resource.resource_type, resource.id), (kind, which))

    def test_what_describes_the_form_is_sound(self):
        found = list(FHIRSearch(Questionnaire, {}).perform_resources_iter(self.server))
        self.assertTrue(found)
        for questionnaire in found:
            self.assertEqual(Questionnaire.read(questionnaire.id, self.server).url, questionnaire.url)
        for kind in ("ValueSet", "SearchParameter"):
            self.assertTrue(list(FHIRSearch(model(kind), {}).perform_resources_iter(self.server)), kind)

    def test_refusals_are_those_that_the_library_knows(self):
        patient = model("Patient")
        with self.assertRaises(FHIRPermissionDeniedException):
            patient.read("nobody", self.server)
        with self.assertRaises(FHIRNotFoundException):
            model("Goal").read(f"{PATIENTS[0]}-nothing", self.server)
        del self.server.session.headers["Authorization"]
        with self.assertRaises(FHIRUnauthorizedException):
            patient.read(PATIENTS[0], self.server)


if __name__ == "__main__":
    unittest.main()
