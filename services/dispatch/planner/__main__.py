"""Compiles the kernels into the cache: python -m services.dispatch.planner.

For installers and images. A process that compiles them itself keeps some 200 MiB more memory and
takes half a minute longer to start than one that finds them here.
"""

from services.dispatch.planner.kernels.compiled import cache_folder
from services.dispatch.planner.solve import warm_up

if __name__ == "__main__":
    warm_up()
    print(f"kernels compiled in {cache_folder()}")
