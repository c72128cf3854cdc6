// What a sample of executions says of the classes that it has not met.
//
// From draws, runs that are independent of one another and identically distributed (given the first run, which is none
// of them): of n draws, f1 classes were met once and f2 twice.
//
// - The probability that one more draw meets a class that no run has met is about f1 / n, where f1 counts those classes
//   that no other run has met, either. After I. J. Good, "The Population Frequencies of Species and the Estimation of
//   Population Parameters", Biometrika 40, 1953 (an idea of A. Turing's): the mean over samples is that of n - 1 draws.
// - There are at least S + (n - 1) / n * f1 (f1 - 1) / (2 (f2 + 1)) classes in the mean over samples, S those that were
//   met. After A. Chao, "Nonparametric Estimation of the Number of Classes in a Population", Scandinavian Journal of
//   Statistics 11, 1984 ("Chao1"), with the correction of bias of A. Chao, "Species Estimation and Applications",
//   Encyclopedia of Statistical Sciences, 2005, for which f2 may be 0. Those are classes that the sampler can meet at all.
//
// That executions of a program can be seen so: M. Böhme, "STADS: Software Testing as Species Discovery", ACM TOSEM 27(2),
// 2018. Who ends a search at its first finding has chosen the last run by what it showed: such a sample is no basis.
#pragma once
#include <cstdint>

#include "checker/explore/class_sample.h"

namespace raddle::explore {

/// Precondition of both: draws > 0.
double new_class_probability(const ClassCounts& sample);
double least_classes(const ClassCounts& sample);

}  // namespace raddle::explore
