"""`python -m whisper_pipeline AUDIO...`"""

import sys

from whisper_pipeline.command_line import main

if __name__ == "__main__":
    sys.exit(main())
