"""Solves linear programs with HiGHS: one JSON program a line on standard input, one JSON answer a line on standard output.

A program is {"objective": [...], "upper": [...], "equal": [...], "rhs": [...], "starts": [...], "rows": [...],
"values": [...]}: maximise objective.x under A.x <= rhs (= where equal), 0 <= x <= upper (null: no bound), A by column.
The answer is {"value": ..., "prices": [...]}; prices are those of a maximisation.
"""

import json
import sys

import highspy
import numpy


def solve(program):
    infinity = highspy.kHighsInf
    lp = highspy.HighsLp()
    lp.num_col_ = len(program["objective"])
    lp.num_row_ = len(program["rhs"])
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = numpy.array(program["objective"])
    lp.col_lower_ = numpy.zeros(lp.num_col_)
    lp.col_upper_ = numpy.array([infinity if u is None else u for u in program["upper"]])
    pairs = list(zip(program["rhs"], program["equal"]))
    lp.row_lower_ = numpy.array([rhs if equal else -infinity for rhs, equal in pairs])
    lp.row_upper_ = numpy.array(program["rhs"])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = numpy.array(program["starts"])
    lp.a_matrix_.index_ = numpy.array(program["rows"])
    lp.a_matrix_.value_ = numpy.array(program["values"])
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.passModel(lp)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        sys.exit(f"HiGHS found no optimum: {highs.getModelStatus()}")
    return {
        "value": highs.getInfo().objective_function_value,
        "prices": list(highs.getSolution().row_dual),
    }


for line in sys.stdin:
    print(json.dumps(solve(json.loads(line))))
