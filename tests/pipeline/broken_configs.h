#pragma once

/// Wrong configs and all that is said about them.
namespace lazulite::pipeline {

struct Broken {
    const char* text;
    const char* messages; ///< "line:column: text", one a line
};

inline const Broken kBrokenConfigs[] = {
    {"op = \"deskew\"\n", "1:1: `op` stands outside of any table; parameters belong below a [[step]]\n"},
    {"[step]\n"
     "op = \"deskew\"\n",
     "1:2: write [[step]], with two pairs of brackets, for each step\n"},
    {"[[steps]]\n"
     "op = \"deskew\"\n",
     "1:3: unknown table `steps`; did you mean `step`?\n"},
    {"[[pipeline]]\n"
     "name = \"a\"\n",
     "1:3: write [pipeline], with one pair of brackets\n"},
    {"[pipeline]\n"
     "name = 3\n"
     "version = 2\n"
     "author = \"me\"\n",
     "2:8: `name` is a text in quotes, not 3\n"
     "3:11: this config is of version 2, and this Lazulite reads version 1; a newer Lazulite is needed\n"
     "4:1: unknown key `author` of [pipeline]; it takes name, version\n"},
    {"[pipeline]\n"
     "version = \"1\"\n",
     "2:11: `version` is a whole number, not the text \"1\"\n"},
    {"[pipeline]\n"
     "version = 0\n"
     "[pipeline.step]\n"
     "op = \"crop\"\n",
     "2:11: there is no version 0 of configs; write version = 1\n"
     "3:11: steps stand on their own: write [[step]], not below [pipeline]\n"},
    {"[deskew]\n"
     "angle = 3\n",
     "1:2: unknown table `deskew`; a step is written [[step]] with op = \"deskew\" below\n"},
    {"[views]\n"
     "ndisplay = 3\n",
     "1:2: unknown table `views`; did you mean `view`?\n"},
    {"[stuff]\n"
     "a = 3\n",
     "1:2: unknown table `stuff`; there are [pipeline], [[step]] and [view]\n"},
    {"[[step]]\n"
     "angle = 3\n",
     "1:1: this step does not say what it does; write op = \"...\": one of deskew, rotate, deskew-rotate, crop, "
     "affine, project, bin, drift, deconvolve, flat-field, camera, background, bleach, smooth, rescale, math, select, "
     "transpose, split-axis, merge-axis\n"},
    {"[[step]]\n"
     "op = 3\n",
     "2:6: `op` is the name of a step in quotes, not 3\n"},
    {"[[step]]\n"
     "op = \"Deskew\"\n",
     "2:6: unknown step \"Deskew\"; did you mean \"deskew\"?\n"},
    {"[[step]]\n"
     "op = \"richardson-lucy\"\n",
     "2:6: unknown step \"richardson-lucy\"; did you mean \"deconvolve\"?\n"},
    {"[[step]]\n"
     "op = \"deskew\"\n"
     "op = \"crop\"\n",
     "3:6: `op` is given twice\n"},
    {"[[step]]\n"
     "op = \"deskew\"\n"
     "angle = 31,5\n",
     "3:11: this is not TOML: expected a comment or whitespace, saw ',' (numbers have a point, and one line holds one "
     "key)\n"},
    {"[[step]]\n"
     "op = \"deskew\"\n"
     "angle = 120\n"
     "width = -1\n"
     "stage-step = 0\n",
     "3:9: `angle` must be from -90 to 90 degrees, not 120\n"
     "4:9: `width` must be from 0 to 100000 columns, not -1\n"
     "5:14: `stage-step` must be from 0.0001 to 1000 um, not 0\n"},
    {"[[step]]\n"
     "op = \"deskew\"\n"
     "angle = nan\n"
     "pad = inf\n",
     "3:9: `angle` must be a finite number\n"
     "4:7: `pad` must be a finite number\n"},
    {"[[step]]\n"
     "op = \"deskew\"\n"
     "enabled = \"no\"\n"
     "label = 3\n"
     "channels = 0\n",
     "3:11: `enabled` is true or false, not the text \"no\"\n"
     "4:9: `label` is a text in quotes, not 3\n"
     "5:12: `channels` is a list of indices or labels such as [0, \"560 nm\"], not 0\n"},
    {"[[step]]\n"
     "op = \"deskew\"\n"
     "channels = [-1, 1.5, true]\n",
     "3:13: a channel is an index from 0 or a label in quotes, not -1\n"
     "3:17: a channel is an index from 0 or a label in quotes, not 1.5\n"
     "3:22: a channel is an index from 0 or a label in quotes, not true\n"},
    {"[[step]]\n"
     "op = \"deskew\"\n"
     "channels = []\n",
     "3:12: `channels` is a list of indices or labels such as [0, \"560 nm\"], not an empty list\n"},
    {"[[step]]\n"
     "op = \"deskew\"\n"
     "[step.view]\n"
     "a = 1\n",
     "3:7: `view` does not belong inside of a step\n"},
    {"[[step]]\n"
     "op = \"crop\"\n",
     "2:6: the step \"crop\" names no axis; write one key an axis, such as z = \"2:\"\n"},
    {"[[step]]\n"
     "op = \"crop\"\n"
     "z = \"::2\"\n"
     "y = \"5\"\n"
     "x = \"a:b\"\n"
     "t = 3\n"
     "c = [1, 2]\n",
     "3:5: `z`: \"::2\" has a step, which is not possible here; op = \"bin\" makes fewer voxels\n"
     "4:5: `y`: \"5\" is no range; write \"FIRST:END\" as in NumPy, such as \"2:\", \"10:-20\" or \":500\"\n"
     "5:5: `x`: \"a:b\" is no range: both sides of the colon are whole numbers or empty\n"
     "6:5: `t` is a range such as \"2:\"; op = \"select\" takes one position of an axis\n"
     "7:5: `c` is a range in quotes such as \"2:\", \"10:-20\" or \":500\", not a list\n"},
    {"[[step]]\n"
     "op = \"deconvolve\"\n"
     "psf = \"\"\n"
     "iterations = 0\n"
     "boundary = \"mirror\"\n"
     "background = \"auto \"\n"
     "clean-up = 1\n",
     "3:7: `psf` is empty; write the path of a file, or a table such as { ch0 = \"file\" }\n"
     "4:14: `iterations` must be from 1 to 1000, not 0\n"
     "5:12: `boundary` is one of \"reflect\" or \"periodic\", not \"mirror\"\n"
     "6:14: `background` is a number (counts) or \"auto\", or a table such as { ch0 = ..., ch1 = ... }, not the text "
     "\"auto \"\n"
     "7:12: `clean-up` is true or false, not 1\n"},
    {"[[step]]\n"
     "op = \"deconvolve\"\n"
     "psf = { ch0 = \"a.tif\", ch1 = 3 }\n"
     "psf-voxel = [0.1, 0.1]\n",
     "3:30: `psf` is the path of a file, or a table such as { ch0 = \"file\" }, not 3\n"
     "4:13: `psf-voxel` is [z, y, x] (um) or one number for all three: three numbers, not 2\n"},
    {"[[step]]\n"
     "op = \"deconvolve\"\n"
     "psf = {}\n"
     "psf-voxel = { ch0 = [0.1, 0, 0.1] }\n",
     "3:7: `psf` names no channel; write { ch0 = ..., ch1 = ... }\n"
     "4:27: `psf-voxel` must be from 0.0001 to 1000 um, not 0\n"},
    {"[[step]]\n"
     "op = \"affine\"\n"
     "matrix = [[1,0,0,0],[0,1,0],[0,0,1,0]]\n"
     "[[step]]\n"
     "op = \"affine\"\n"
     "matrix = [[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,2]]\n"
     "translation = 5\n",
     "3:21: `matrix` is a list of 3 or 4 rows of 4 numbers; this row is 3 numbers\n"
     "6:41: `matrix` must end with the row [0, 0, 0, 1]\n"
     "7:15: `translation` is [z, y, x] (um), not 5\n"},
    {"[[step]]\n"
     "op = \"bin\"\n"
     "factors = [2, 2.5, 0]\n"
     "[[step]]\n"
     "op = \"bin\"\n",
     "3:15: `factors` is [z, y, x] of whole numbers (voxels) or one number for all three, not 2.5\n"
     "3:20: `factors` must be at least 1 voxels, not 0\n"
     "5:6: the step \"bin\" needs `factors`: size of a block\n"},
    {"[[step]]\n"
     "op = \"project\"\n"
     "kind = \"maximum\"\n"
     "range = 3\n",
     "3:8: `kind` is one of \"max\", \"mean\", \"sum\", \"min\", \"median\" or \"std\", not \"maximum\"\n"
     "4:9: `range` is a range such as \"2:\"; op = \"select\" takes one position of an axis\n"},
    {"[[step]]\n"
     "op = \"transpose\"\n"
     "order = [\"z\", \"z\", 3]\n"
     "[[step]]\n"
     "op = \"transpose\"\n"
     "order = \"zyx\"\n",
     "3:15: `order` names the axis \"z\" twice\n"
     "3:20: `order` is a list of axes such as [\"t\", \"z\"]; this entry is 3\n"
     "6:9: `order` is a list of axes such as [\"t\", \"z\"], not the text \"zyx\"\n"},
    {"[[step]]\n"
     "op = \"split-axis\"\n"
     "axis = \"t\"\n",
     "2:6: the step \"split-axis\" needs `into`: names of the two new axes; the second one runs faster\n"
     "2:6: the step \"split-axis\" needs `size`: length of the second one; it must divide the axis\n"},
    {"[[step]]\n"
     "op = \"drift\"\n"
     "shifts = [[0, 0, 0], [1, 2]]\n"
     "reference = \"last\"\n"
     "[[step]]\n"
     "op = \"drift\"\n"
     "reference = -1\n"
     "shifts = []\n",
     "3:22: `shifts` is a list with one [z, y, x] a timepoint, or the path of a table; this entry is 2 numbers\n"
     "4:13: `reference` is a whole number or \"neighbour\" or \"first\", not the text \"last\"\n"
     "7:13: `reference` must be at least 0, not -1\n"
     "8:10: `shifts` is empty; write a list with one [z, y, x] a timepoint, or the path of a table\n"},
    {"[[step]]\n"
     "op = \"rescale\"\n"
     "dtype = \"uint12\"\n",
     "3:9: `dtype` is one of \"uint8\", \"uint16\", \"uint32\", \"uint64\", \"int8\", \"int16\", \"int32\", \"int64\", "
     "\"float16\", \"float32\" or \"float64\", not \"uint12\"; did you mean \"uint16\"?\n"},
    {"[[step]]\n"
     "op = \"select\"\n"
     "t = 1.5\n"
     "[[step]]\n"
     "op = \"select\"\n"
     "c = \"\"\n",
     "3:5: `t` is an index or a label, not 1.5\n"
     "6:5: `c` is empty; write an index or a label\n"},
    {"[[step]]\n"
     "op = \"math\"\n",
     "2:6: the step \"math\" needs `expression`: numbers, ch0, ch1, ..., + - * / ^, comparisons, and min, max, abs, "
     "sqrt, exp, log, log2, log10, floor, ceil, round, clip(v, low, high), where(condition, a, b)\n"},
    {"[view]\n"
     "ndisplay = 4\n"
     "contrast-limits = [5, 1]\n"
     "scale = 3\n"
     "zoom = 2\n",
     "2:12: `ndisplay` is 2 (a slice) or 3 (the volume), not 4\n"
     "3:19: `contrast-limits`: the first number must be the smaller one, not [5, 1]\n"
     "4:9: `scale` is a table of axes such as { z = 3, y = 1, x = 1 }, not 3\n"
     "5:1: unknown key `zoom` of [view]; it takes ndisplay, contrast-limits, scale\n"},
    {"[view]\n"
     "contrast-limits = [[1, 2], [3]]\n"
     "scale = { z = 0, y = \"a\" }\n",
     "2:28: `contrast-limits` is [LOW, HIGH], or one such pair a channel, not a list\n"
     "3:15: `scale`: the size of z must be a positive number, not 0\n"
     "3:22: `scale`: the size of y must be a positive number, not the text \"a\"\n"},
    {"view = 3\n"
     "step = 4\n"
     "pipeline = 5\n",
     "1:1: write [view], with one pair of brackets\n"
     "2:1: write [[step]], with two pairs of brackets, for each step\n"
     "3:1: write [pipeline], with one pair of brackets\n"},
    {"step = [3, { op = \"crop\", z = \":\" }]\n", "1:9: a step is a table, not 3; write [[step]]\n"},
    {"[[step]]\n"
     "op = \"deskew\" angle = 3\n",
     "2:15: this is not TOML: expected a comment or whitespace, saw 'a'\n"},
    {"[[step]]\n"
     "op = deskew\n",
     "2:6: this is no value; a text stands in quotes\n"},
    {"[[step]]\n"
     "op = \"deskew\"\n"
     "angle\n",
     "3:6: this is not TOML: expected '=', saw '\\n'\n"},
    {"[[step]]\n"
     "op = \"deskew\"\n"
     "angle: 31.5\n",
     "3:6: this is not TOML: expected '=', saw ':'\n"},
    {"[[step]]\n"
     "op = \"crop\n"
     "[[step]]\n"
     "op = \"desskew\"\n",
     "2:6: this text is not closed; a \" is missing\n"
     "4:6: unknown step \"desskew\"; did you mean \"deskew\"?\n"},
    {"[[step]]\n"
     "op = \"crop\"\n"
     "z = \"\"\"2:\n"
     "[[step]]\n",
     "3:5: this text is not closed; a \"\"\" is missing\n"},
    {"[[step]]\n"
     "op = \"deskew\"\n"
     "angle = 1979-05-27\n",
     "3:9: dates and times are no values of a pipeline config\n"},
    {"[[step]]\n"
     "op = \"café\"\n"
     "angel = \"é\" # é\n"
     "é = 1\n",
     "2:6: unknown step \"café\"; there are deskew, rotate, deskew-rotate, crop, affine, project, bin, drift, "
     "deconvolve, flat-field, camera, background, bleach, smooth, rescale, math, select, transpose, split-axis, "
     "merge-axis\n"
     "4:1: this is not TOML: expected keys, tables, whitespace or comments, saw 'é'\n"},
    {"[view]\n"
     "ndisplay = 3\n"
     "[view]\n",
     "3:1: `view` is given twice\n"},
    {"[[step]]\n"
     "op = \"deskew\"\n"
     "angle = 99999999999999999999\n"
     "width = 007\n",
     "3:29: this is not TOML: '99999999999999999999' is not representable in 64 bits\n"
     "4:12: this is not TOML: leading zeroes are prohibited\n"},
    {"[[step]]\n"
     "op = \"deskew\"\n"
     "\"\" = 3\n",
     "3:1: unknown key `` of the step \"deskew\"; it takes angle, width, shift, pad, axis, stage-step, pixel, op, "
     "label, enabled, channels\n"},
    {"[[step]]\n"
     "op = \"decon\"\n"
     "[[step]]\n"
     "op = \"mip\"\n",
     "2:6: unknown step \"decon\"; did you mean \"deconvolve\"?\n"
     "4:6: unknown step \"mip\"; did you mean \"project\"?\n"},
    {"[[step]]\n"
     "op = \"deconvolve\"\n"
     "n_iters = 3\n",
     "2:6: the step \"deconvolve\" needs `psf`: the stack of a bead (or a computed one), or an OTF file as LLSpy and "
     "cudadecon write it\n"
     "3:1: unknown key `n_iters` of the step \"deconvolve\"; did you mean `iterations`?\n"},
    {"[[step]]\n"
     "op = \"deskew\"\n"
     "angel = 3\n",
     "3:1: unknown key `angel` of the step \"deskew\"; did you mean `angle`?\n"},
    {"[[step]\n"
     "op = \"deskew\"\n",
     "1:8: this is not TOML: expected ']', saw '\\n'\n"},
    {"[[step]]\n"
     "op = \"crop\"\n"
     "z = [1,\n"
     " 2\n"
     "y = \"3:\n"
     "x = 5\n",
     "3:5: this list is not closed; a ']' is missing\n"
     "5:5: this text is not closed; a \" is missing\n"
     "6:5: `x` is a range such as \"2:\"; op = \"select\" takes one position of an axis\n"},
    {"\xEF\xBB\xBF[[step]]\r\n"
     "op = \"deskew\"\r\n"
     "angel = 3\r\n",
     "3:1: unknown key `angel` of the step \"deskew\"; did you mean `angle`?\n"},
};

} // namespace lazulite::pipeline
