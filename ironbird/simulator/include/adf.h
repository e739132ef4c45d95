// ADF graphs (windows, input_stream, input_buffer) are no part of IRON.
#pragma once
#error \
    "adf.h is the interface of AI Engine graphs; an IRON kernel takes plain pointers from its ObjectFifos"
