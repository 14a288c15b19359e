# Writes kappa.json: tables of two coders, and the unweighted kappa of R's vcd with its asymptotic standard error.
suppressMessages(library(vcd))
source("lib/json.R")
data("SexualFun", package = "vcd")
told <- function(table) {
  table <- unname(unclass(as.matrix(table)))
  found <- Kappa(as.table(table))$Unweighted
  list(table = lapply(seq_len(nrow(table)), function(r) as.integer(table[r, ])),
       kappa = unname(found["value"]), error = unname(found["ASE"]))
}
set.seed(1969)
drawn <- lapply(1:40, function(i) {
  size <- sample(2:7, 1)
  chances <- matrix(rgamma(size^2, .5), size) + diag(rgamma(1, 3), size)
  matrix(rmultinom(1, sample(10:300, 1), chances), size, size)
})
below <- list(matrix(c(1, 9, 8, 2), 2), matrix(c(0, 12, 3, 0), 2))
out <- lapply(c(list(SexualFun), below, drawn), told)
save_json(list(cases = out), "kappa.json", "vcd", digits = 17)
