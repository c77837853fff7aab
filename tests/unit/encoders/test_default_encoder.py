"""The default model as people will use it: what it says of itself and how well it ranks."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from reviewlens.encoders import DEFAULT_ENCODER, Encoder, load_encoder
from reviewlens.errors import EncoderError

# Collections are pinned to it: a change here makes every stored collection unusable.
FINGERPRINT = "e0f4e0447fab06373e1c2d4f756c5d2a0480187b109dc7a1f08dd96758bdb565"
HEAVY = ["torch", "transformers", "sentence_transformers", "sklearn", "huggingface_hub"]


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    block_network = (
        "import socket\n"
        "def refuse(*args, **kwargs): raise RuntimeError('network used')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith("HF_")}
    return subprocess.run(
        [sys.executable, "-c", block_network + code],
        env=environment | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_default_encoder_says_what_it_is(default_encoder: Encoder) -> None:
    assert default_encoder.name == DEFAULT_ENCODER == "all-MiniLM-L6-v2"
    assert default_encoder.dimension == 384
    assert default_encoder.window == 254  # 256 less [CLS] and [SEP]
    assert default_encoder.fingerprint == FINGERPRINT


@pytest.mark.parametrize("name", ["all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2"])
def test_both_names_of_the_default_are_one_encoder(name: str) -> None:
    assert load_encoder(name).fingerprint == FINGERPRINT


def test_only_encoding_imports_heavy_packages() -> None:
    code = (
        "import sys\n"
        f"def heavy(): return [name for name in {HEAVY} if name in sys.modules]\n"
        "import reviewlens.encoders as encoders\n"
        "assert not set(heavy() + ['tokenizers', 'tiktoken']) & set(sys.modules), 'on import'\n"
        "encoder = encoders.load_encoder()\n"
        "encoder.fingerprint, encoder.window, encoder.dimension\n"
        "encoder.count_tokens(['late and stale'])\n"
        "print(heavy())\n"
    )
    result = run_python(code)
    assert (result.stdout, result.stderr) == ("[]\n", "")


@pytest.mark.usefixtures("exported_model")
def test_encoding_is_silent_and_uses_neither_network_nor_torch() -> None:
    code = (
        "from reviewlens.encoders import load_encoder\n"
        "encoder = load_encoder()\n"
        "encoder.encode_documents(['late and stale', 'long ' * 400])\n"
        "encoder.encode_queries(['stale'])\n"
        "import sys\n"
        f"assert not set({HEAVY}) & set(sys.modules), 'heavy'\n"
    )
    result = run_python(code)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_vectors_are_unit_length_float32(default_encoder: Encoder) -> None:
    texts = ["Fresh and tasty.", "", "!", "word " * 500, "好吃", "broken \udc80 byte"]
    vectors = default_encoder.encode_documents(texts)
    assert vectors.shape == (6, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(6), abs=1e-6)


def test_a_vector_does_not_depend_on_its_company(default_encoder: Encoder) -> None:
    texts = [f"Review {number}: " + "quite good " * (number % 7) for number in range(40)]
    together = default_encoder.encode_documents(texts)
    backwards = default_encoder.encode_documents(texts[::-1])[::-1]
    alone = np.vstack([default_encoder.encode_documents([text]) for text in texts[:5]])
    assert np.abs(together - backwards).max() < 1e-5
    assert np.abs(together[:5] - alone).max() < 1e-5


def test_tokens_are_those_that_sentence_transformers_sees(default_encoder: Encoder) -> None:
    from sentence_transformers import SentenceTransformer

    from reviewlens.encoders.sources import find_model

    reference = SentenceTransformer(str(find_model(DEFAULT_ENCODER).path), local_files_only=True)
    texts = ["It's GREAT!!", "naïve café", "<|endoftext|> [SEP]", "好吃 ok", "http://a.b/c?d=1", ""]
    ids = reference.tokenizer(texts, add_special_tokens=False)["input_ids"]
    unknown = reference.tokenizer.unk_token_id
    assert default_encoder.count_tokens(texts) == [(len(i), i.count(unknown)) for i in ids]


def test_spearman_on_stsb_is_the_published_one(default_encoder: Encoder, shared_data: Path) -> None:
    from scipy.stats import spearmanr

    with (shared_data / "stsb_en_test.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    sentences = sorted({sentence for first, second, _ in rows for sentence in (first, second)})
    vectors = dict(zip(sentences, default_encoder.encode_documents(sentences), strict=True))
    similarities = [float(vectors[first] @ vectors[second]) for first, second, _ in rows]
    scores = [float(score) for _, _, score in rows]
    assert spearmanr(similarities, scores).statistic == pytest.approx(0.820, abs=0.001)


def test_two_thirds_of_chinese_are_unknown(default_encoder: Encoder, shared_data: Path) -> None:
    with (shared_data / "waimai_10k.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["review"] for row in csv.DictReader(file)]
    counts = np.array(default_encoder.count_tokens(texts))
    tokens, unknown = counts.sum(axis=0)
    assert unknown / tokens == pytest.approx(0.661, abs=0.001)
    tokens, unknown = counts[:500].sum(axis=0)
    assert unknown / tokens == pytest.approx(0.686, abs=0.001)


def test_a_device_that_is_not_there_is_named() -> None:
    with pytest.raises(EncoderError, match="no device gpu; give one of cpu, cuda"):
        load_encoder(device="gpu")
    with pytest.raises(EncoderError, match="no device cuda:7 that torch"):
        load_encoder(device="cuda:7").encode_queries(["tea"])


def test_a_process_that_ends_while_the_model_is_loaded_ends_cleanly(
    default_encoder: Encoder,
) -> None:
    default_encoder.encode_queries(["makes the graph, should it not be in the cache"])
    code = (
        "import sys, time\n"
        "from reviewlens.encoders import preload_encoder\n"
        "ready = preload_encoder('all-MiniLM-L6-v2')\n"
        "while not ready.done() and 'onnxruntime.capi._pybind_state' not in sys.modules:\n"
        "    time.sleep(0.001)\n"
    )
    with ThreadPoolExecutor(4) as pool:
        for done in pool.map(run_python, [code] * 4):
            assert (done.returncode, done.stderr) == (0, "")
