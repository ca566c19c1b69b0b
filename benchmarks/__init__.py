"""What a send costs: CPU and wall time, import time, memory. Run ``python -m benchmarks``."""
