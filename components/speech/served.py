"""The model that MLflow loads and serves: a column of WAV files -> transcripts, and answers to tasks."""

from __future__ import annotations

import io
from pathlib import Path

import mlflow
import pandas as pd
import soundfile
from mlflow.pyfunc import PythonModel, PythonModelContext

from components.contract import Clip
from components.parts import task_answers
from components.speech.corpus.audio_file import resample
from components.study.saving import load
from components.study.tracking.models import read_about


class ServedRecogniser(PythonModel):
    """Binary column `audio` (any file that libsndfile reads) -> transcripts, in order.

    Of a recogniser that learns tasks besides the words, a table: transcript, and a column for each task.
    """

    def load_context(self, context: PythonModelContext) -> None:
        folder = Path(context.artifacts["recogniser"])
        self.recogniser, self.rate = load(folder), int(read_about(folder)["rate"])

    def predict(self, context: PythonModelContext, model_input: pd.DataFrame, params: dict | None = None):
        clips = [self._clip(f"row {i}", audio) for i, audio in enumerate(model_input["audio"])]
        texts, answers = self.recogniser.predict(clips), task_answers(self.recogniser, clips)
        return pd.DataFrame({"transcript": texts, **answers}) if answers else texts

    def _clip(self, name: str, audio: bytes) -> Clip:
        samples, rate = soundfile.read(io.BytesIO(audio), dtype="float32", always_2d=True)
        return Clip(name, "", resample(samples.mean(axis=1), rate, self.rate), self.rate)


mlflow.models.set_model(ServedRecogniser())
