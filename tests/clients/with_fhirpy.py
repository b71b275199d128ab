"""fhirpy (PyPI) against a server that runs."""

import json
import re
import unittest

from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound
from fhirpy.base.searchset import Raw

from standard import BASE, PATIENTS, SEARCHES, TOKEN


class Fhirpy(unittest.TestCase):
    def setUp(self):
        # Wants back what was written, as it is now.
        whole = {"Prefer": "return=representation"}
        self.client = SyncFHIRClient(BASE, authorization=f"Bearer {TOKEN}", extra_headers=whole)

    def search(self, search, patient):
        kind, params, include = search
        asked = self.client.resources(kind).search(Raw(**params), patient=f"Patient/{patient}")
        return asked.include(*include.split(":")) if include else asked

    def with_plan(self):
        for patient in PATIENTS:
            if self.search(SEARCHES[1], patient).first():
                return patient
        self.fail("nobody has a plan")

    def test_the_searches_of_the_standard(self):
        seen = set()
        for patient in PATIENTS:
            for search in SEARCHES:
                bundle = self.search(search, patient).fetch_raw()
                self.assertEqual(bundle.resourceType, "Bundle")
                self.assertEqual(bundle.type, "searchset")
                found = self.search(search, patient).fetch()
                self.assertEqual(len(found), min(bundle.total, 100))
                for resource in found:
                    self.assertEqual(resource.resource_type, search[0])
                    seen.add(resource.resource_type)
        self.assertEqual(seen, {search[0] for search in SEARCHES})

    def test_a_page_at_a_time_gives_what_one_page_gives(self):
        patient = self.with_plan()
        asked = self.search(SEARCHES[1], patient)
        whole = [r.id for r in asked.fetch()]
        paged = [r.id for r in self.search(SEARCHES[1], patient).limit(2).fetch_all()]
        self.assertEqual(paged, whole)
        self.assertEqual(self.search(SEARCHES[1], patient).count(), len(whole))

    def test_a_reference_leads_to_its_resource(self):
        patient = self.with_plan()
        directive = self.search(SEARCHES[1], patient).first()
        who = directive.patient.to_resource()
        self.assertEqual((who.resource_type, who.id), ("Patient", patient))
        number = next(i.value for i in who.identifier if i.system.endswith("/bsn"))
        found = self.client.resources("Patient").search(identifier=f"http://fhir.nl/fhir/NamingSystem/bsn|{number}").get()
        self.assertEqual(found.id, patient)
        role = directive.get_by_path("provision.actor")[0].reference.to_resource()
        self.assertEqual(role.reference, directive.provision.actor[0].reference.reference)

    def test_a_form_that_is_saved_is_a_version(self):
        patient = self.with_plan()
        forms = self.client.resources("QuestionnaireResponse").search(subject=f"Patient/{patient}")
        before = forms.fetch_all()
        form = {k: v for k, v in before[0].serialize().items() if k not in ("id", "meta", "resourceType")}
        words = max(re.findall(r'"valueString": "([^"\\]+)"', json.dumps(form)), key=len)
        form = json.loads(json.dumps(form).replace(words, f"{words} (opnieuw besproken)"))
        saved = self.client.resource("QuestionnaireResponse", **form)
        saved.save()
        self.assertEqual(saved.item, form["item"])
        self.assertNotEqual(saved.id, before[0].id)
        again = self.client.resource("QuestionnaireResponse", **form)
        again.save()
        self.assertEqual(again.id, saved.id, "the same form is no new version")
        self.assertEqual(len(forms.fetch_all()), len(before) + 1)

    def test_what_is_refused_comes_with_an_outcome(self):
        with self.assertRaises(OperationOutcome) as refused:
            self.client.resources("Consent").search(patient=PATIENTS[0], date="yesterday").fetch()
        self.assertEqual(refused.exception.resource["issue"][0]["severity"], "error")
        patient = self.with_plan()
        with self.assertRaises(ResourceNotFound):
            self.client.get("Goal", f"{patient}-nothing")


if __name__ == "__main__":
    unittest.main()
