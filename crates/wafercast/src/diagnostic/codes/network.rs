//! `WF06` and `WF07`: the supply network and planning.

use super::define_pages;

define_pages! {
    DIE_TOO_LARGE = "WF0601", "a die that does not fit on its wafer",
        "The die's diagonal is longer than the usable diameter of the wafer (diameter less twice the edge exclusion), so not one fits.",
        "size = { width = \"300 mm\", height = \"26 mm\" }" => "size = { width = \"30 mm\", height = \"26 mm\" }";
    NO_SUPPLY = "WF0602", "nothing supplies a part",
        "An accelerator needs the part, but no line makes it and no stockpile holds it. The accelerator will never be built.",
        "[[accelerator.x.bom]]\ndies = { ghost = 1 }   # no fab runs its process" => "[stockpile.ghost]\npart = \"die.ghost\"\norigin = { country = \"TW\", maker = \"TSMC\" }\nat = \"2024-01\"\namount = \"1M\"";
    NO_PACKAGING = "WF0603", "no line packages a technology",
        "A bill of materials asks for a packaging technology that no packaging line offers.",
        "packaging = { technology = \"3d\" }" => "packaging = { technology = \"2.5d\" }";
    INTERPOSER_SIZE_NEEDED = "WF0604", "the size of the interposer is needed",
        "A packaging line of this technology counts wafers, so the number of packages on a wafer follows from the size of the interposer.",
        "packaging = { technology = \"2.5d\" }" => "packaging = { technology = \"2.5d\", size = { width = \"60 mm\", height = \"50 mm\" } }";
    INTERPOSER_TOO_LARGE = "WF0605", "an interposer that does not fit on its wafer",
        "Not one interposer of this size fits on the wafer of a line that counts wafers.",
        "size = { width = \"300 mm\", height = \"200 mm\" }" => "size = { width = \"60 mm\", height = \"50 mm\" }";
    DIE_OF_OTHER_PROCESS = "WF0606", "a die of another process",
        "A process is calibrated with dies of that process, and a fab's mix is made of dies of its process.",
        "[process.n2]\nd0 = { calibrate = { die = \"die-of-n3\", yield = \"40%\" } }" => "[process.n2]\nd0 = { calibrate = { die = \"die-of-n2\", yield = \"40%\" } }";
    PHASES_IN_DIFFERENT_UNITS = "WF0607", "phases of one line in different units",
        "A packaging line counts wafers or packages. All its phases are in the same one.",
        "# phase[0].add = \"5 kWSPM\", phase[1].add = \"80 k packages/month\"" => "# phase[0].add = \"5 kWSPM\", phase[1].add = \"3 kWSPM\"";
    BAD_CORES = "WF0608", "salvage that is impossible",
        "A die is sold with at least `min_good` of its `total` equal cores good.",
        "cores = { total = 20, min_good = 25, area_share = 0.5 }" => "cores = { total = 25, min_good = 20, area_share = 0.5 }";
    UNUSED = "WF0609", "a table that nothing uses",
        "The table has no way to act on any accelerator: a die or memory in no bill of materials, a process no line runs.",
        "[memory.hbm2e]   # in no bom" => "[[accelerator.x.bom]]\nmemory = { hbm2e = 8 }";
    NO_PRODUCTS = "WF0610", "a scenario without accelerators and imports",
        "There is nothing to count.",
        "[fab.sn2]   # and nothing else" => "[accelerator.ascend-910c]";
    FAB_MODEL = "WF0611", "a fab model that cannot be simulated",
        "A line takes its capacity from a fab model that cannot be read, has errors of its own, lacks a tool family that a phase names, or releases no lots. `wafercast fab check` shows a model's problems by themselves.",
        "capacity = { fab = \"duv-7nm\" }\n# phase[1].tools = { \"imersion scanner\" = 10 }" => "# phase[1].tools = { \"immersion scanner\" = 10 }";
    FAB_MODEL_NOT_SIMULATED = "WF0612", "a fab model without its numbers",
        "The engine does not simulate fabs. The command does, before it checks a scenario, and puts the throughput and cycle time of the model in place of `capacity`; so this is seen only by those who call the engine themselves.",
        "capacity = { fab = \"duv-7nm\" }   # checked as it stands" => "# phase[0].add = \"20.1 kWSPM to 20.4 kWSPM\", cycle_time = \"17 days to 18 days\"";
    NEVER_BUILT = "WF0701", "a plan under which nothing is built",
        "The weight or the cap is zero at all times, so the accelerator gets no share of the parts of its tier.",
        "plan = { weight = 0 }" => "plan = { weight = 1 }";
    NOT_A_COMMITMENT = "WF0702", "a commitment that no plan can keep",
        "A commitment says at least how much is delivered of some accelerators in a period: deliveries on one side, a number on the other. Shares, stocks and depths below design are results, not deliveries that a plan can promise.",
        "[[planning.commit]]\nholds = \"share_of_purchases(units, designed, 2027) >= 80%\"" => "[[planning.commit]]\nholds = \"units(home, 2027) >= 1M units\"";
    PLAN_OUTSIDE_HORIZON = "WF0703", "a plan that begins outside the horizon",
        "A plan runs from its first month to the end of the horizon.",
        "planning = { from = \"2035-01\" }" => "planning = { from = \"2026-07\" }";
}
