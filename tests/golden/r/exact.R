# Writes exact.json: tables too large to enumerate by hand and the p-value of R's fisher.test for each.
source("lib/json.R")
set.seed(20)
one <- function(i) {
  shape <- c(sample(2:4, 1), sample(2:5, 1))
  cells <- rgamma(prod(shape), .7)
  table <- matrix(rmultinom(1, sample(12:70, 1), cells), shape[1], shape[2])
  table <- table[rowSums(table) > 0, colSums(table) > 0, drop = FALSE]
  if (min(dim(table)) < 2) return(NULL)
  list(table = lapply(seq_len(nrow(table)), function(r) table[r, ]), p = fisher.test(table, workspace = 2e8)$p.value)
}
out <- Filter(Negate(is.null), lapply(1:60, one))
save_json(list(cases = out), "exact.json")
