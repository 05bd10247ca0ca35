"""Takes files for doccano; gives what doccano 1.8.4 makes of them, and the file that it exports. What runs is doccano's own code, its
parsers, labels and formatters, with its own tables in a database in memory. Left away are only its web pages and its queue."""

import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import django
from django.conf import settings
from django.core.management import call_command

APPS = ["roles", "projects", "examples", "label_types", "labels", "data_import", "data_export"]
BELOW = ["django.contrib.auth", "django.contrib.contenttypes", "polymorphic", "django_drf_filepond"]


def set_up() -> None:
    """Makes the tables. doccano's packages lie below `backend`, and import each other by their own names."""
    sys.path.append(str(Path(sysconfig.get_path("purelib")) / "backend"))
    uploads = tempfile.gettempdir()  # nothing is uploaded, but a folder must be named
    settings.configure(
        SECRET_KEY="tests",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=[*BELOW, *APPS],
        MIGRATION_MODULES={app.rpartition(".")[2]: None for app in [*BELOW, *APPS]},
        DJANGO_DRF_FILEPOND_UPLOAD_TMP=uploads,
        DJANGO_DRF_FILEPOND_FILE_STORE_PATH=uploads,
    )
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)


set_up()

# doccano's own modules can be found only now.
from data_export.models import ExportedExample  # noqa: E402
from data_export.pipeline import factories  # noqa: E402
from data_export.pipeline.dataset import Dataset  # noqa: E402
from data_export.pipeline.services import ExportApplicationService  # noqa: E402
from data_import.datasets import load_dataset  # noqa: E402
from data_import.pipeline.catalog import JSONL, RELATION_EXTRACTION  # noqa: E402
from data_import.pipeline.readers import FileName  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.db import transaction  # noqa: E402
from examples.models import Example  # noqa: E402
from label_types.models import SpanType  # noqa: E402
from labels.models import Relation, Span  # noqa: E402
from projects.models import ProjectType, SequenceLabelingProject  # noqa: E402


class Marked(NamedTuple):
    start: int
    end: int
    label: str


class Arrow(NamedTuple):
    type: str
    source: Marked
    target: Marked


@dataclass
class Shown:
    """An article as doccano has it."""

    text: str
    meta: dict[str, Any]
    spans: list[Marked]
    relations: list[Arrow]


class Project:
    """A project for sequence labelling."""

    def __init__(self, relations: bool, overlapping: bool) -> None:
        self.relations = relations
        self.user, _ = User.objects.get_or_create(username="annotator")
        self.project = SequenceLabelingProject.objects.create(
            name="tests",
            project_type=ProjectType.SEQUENCE_LABELING,
            allow_overlapping=overlapping,
            use_relation=relations,
            collaborative_annotation=True,
        )

    def load(self, path: Path) -> list[tuple[int, str]]:
        """Takes a file in. Gives what doccano says of it, by line."""
        task = RELATION_EXTRACTION if self.relations else ProjectType.SEQUENCE_LABELING
        files = [FileName(full_path=str(path), generated_name=path.name, upload_name=path.name)]
        dataset = load_dataset(task, JSONL, files, self.project)
        dataset.save(self.user, batch_size=1000)
        return [(error.line_num, error.message) for error in dataset.errors]

    def shown(self) -> dict[str, Shown]:
        """The articles, by the id that was in the file."""
        found = {}
        for example in Example.objects.filter(project=self.project):
            marked = {of.id: Marked(of.start_offset, of.end_offset, of.label.text) for of in example.spans.all()}
            arrows = [Arrow(of.type.text, marked[of.from_id_id], marked[of.to_id_id]) for of in example.relations.all()]
            found[example.meta["id"]] = Shown(example.text, example.meta, sorted(marked.values()), sorted(arrows))
        return found

    def _example(self, name: str) -> Any:
        return next(example for example in Example.objects.filter(project=self.project) if example.meta["id"] == name)

    def add(self, name: str, span: Marked) -> None:
        """As an annotator who marks a stretch."""
        kind, _ = SpanType.objects.get_or_create(text=span.label, project=self.project)
        Span.objects.create(
            example=self._example(name), user=self.user, label=kind, start_offset=span.start, end_offset=span.end
        )

    def remove(self, name: str, span: Marked) -> None:
        """As an annotator who deletes a span; its relations go with it."""
        of = {"start_offset": span.start, "end_offset": span.end, "label__text": span.label}
        deleted, _ = Span.objects.filter(example=self._example(name), **of).delete()
        assert deleted

    def part(self, name: str, kind: str) -> None:
        """As an annotator who deletes the relations of one type."""
        deleted, _ = Relation.objects.filter(example=self._example(name), type__text=kind).delete()
        assert deleted

    def export(self, path: Path) -> Path:
        """As an annotator who exports the project as JSONL."""
        examples = ExportedExample.objects.filter(project=self.project)
        labels = factories.create_labels(self.project, examples)
        dataset = Dataset(examples, labels, factories.create_comment(examples), True)
        formatters = factories.create_formatter(self.project, "JSONL")
        ExportApplicationService(dataset, formatters, factories.create_writer("JSONL")).export(str(path))
        return path


@contextmanager
def project(relations: bool = False, overlapping: bool = True) -> Iterator[Project]:
    """A project that is gone afterwards."""
    with transaction.atomic():
        yield Project(relations, overlapping)
        transaction.set_rollback(True)
