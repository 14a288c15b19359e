# Writes tables.json: small data sets of R's datasets and MASS, and numbers of base R for tables of counts.
source("lib/json.R")
income <- matrix(c(1, 3, 10, 6, 2, 3, 10, 7, 1, 6, 14, 12, 0, 1, 9, 11), 4, byrow = TRUE)
long <- data.frame(income = rep(row(income), income), satisfaction = rep(col(income), income))
spaced <- list(ozone = airquality$Ozone, month = airquality$Month)
spring <- subset(airquality, Month %in% c(5, 8) & !is.na(Ozone))
smokers <- c(83, 90, 129, 70)
patients <- c(86, 93, 136, 82)
set.seed(3)
x <- round(rnorm(12), 3); y <- round(rnorm(9, .8), 3)
out <- list(
  airquality = spaced,
  attitude = as.list(attitude),
  kruskal_income = kruskal.test(satisfaction ~ income, long)[c("statistic", "p.value")],
  kruskal_ozone = kruskal.test(Ozone ~ Month, airquality)[c("statistic", "p.value")],
  wilcoxon_ozone = suppressWarnings(wilcox.test(Ozone ~ Month, spring))[c("statistic", "p.value")],
  exact_wilcoxon = c(list(x = x, y = y), wilcox.test(x, y)[c("statistic", "p.value")]),
  smokers = list(
    x2 = prop.test(smokers, patients)[c("statistic", "p.value")],
    trend = prop.trend.test(smokers, patients)[c("statistic", "p.value")],
    pairs = suppressWarnings(pairwise.prop.test(smokers, patients)$p.value),
    pairs_uncorrected = suppressWarnings(pairwise.prop.test(smokers, patients, correct = FALSE)$p.value)),
  tea = fisher.test(matrix(c(3, 1, 1, 3), 2))[c("estimate", "conf.int", "p.value")],
  mcnemar = list(plain = mcnemar.test(matrix(c(794, 86, 150, 570), 2), correct = FALSE)[c("statistic", "p.value")],
                 corrected = mcnemar.test(matrix(c(794, 86, 150, 570), 2))[c("statistic", "p.value")],
                 exact = binom.test(3, 14)["p.value"]),
  waves = list(plain = prop.test(c(40, 70), c(120, 140), correct = FALSE)[c("statistic", "p.value", "conf.int")],
               corrected = prop.test(c(40, 70), c(120, 140))[c("statistic", "p.value")]))
save_json(out, "tables.json")
