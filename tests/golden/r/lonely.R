# Writes lonely.json: errors of a sample some of whose strata have one primary sampling unit, under each rule of R's
# survey, whole and in domains, drawn by respondents and by clusters, with weights of 0 and with a unit drawn for sure.
suppressMessages(library(survey))
source("lib/json.R")
options(survey.adjust.domain.lonely = FALSE)
set.seed(20240311)
stratum <- c(rep(c("a", "b", "c"), c(14, 12, 10)), rep(c("d", "e"), c(3, 2)))
n <- length(stratum)
data <- data.frame(
  stratum = stratum,
  cluster = c(rep(1:5, length.out = 14), rep(1:4, length.out = 12), rep(1:3, length.out = 10), 1, 1, 1, 1, 1),
  w = round(runif(n, 2, 20), 1),
  yes = sample(c("oui", "non"), n, TRUE), size = sample(c("petite", "moyenne", "grande"), n, TRUE),
  staff = round(rgamma(n, 2, .3), 1))
data$w[c(5, 16, 28)] <- 0
data$w[data$stratum == "b" & data$cluster == 3] <- 0 # a whole unit of weight 0
data$group <- ifelse(data$stratum %in% c("d", "e"), "loin", ifelse(seq_len(n) %% 2 == 0, "pair", "impair"))
data$group[data$stratum == "d"] <- "pair" # a group with one of the two lonely strata, one with none, one with one
data$units <- c(a = 20, b = 9, c = 8, d = 1, e = 6)[data$stratum] # the only unit of d was drawn for sure
kept <- which(!data$stratum %in% c("d", "e") | !duplicated(data$stratum)) # one respondent of d, and of e

both <- function(x) c(unname(coef(x)), unname(sqrt(diag(as.matrix(vcov(x))))))
of <- function(design) {
  out <- list(share = both(svymean(~as.numeric(yes == "oui"), design)), mean = both(svymean(~staff, design)),
              total = both(svytotal(~staff, design)), df = degf(design))
  lapply(out, function(x) ifelse(is.finite(x), x, NA))
}
told <- function(design) {
  # svychisq counts units of weight 0 among its degrees of freedom, which degf does not: degf's are taken.
  test <- svychisq(~yes + size, design)
  f <- unname(test$statistic)
  df <- unname(test$parameter)[1] * c(1, degf(design))
  c(of(design), list(test = list(statistic = f, df = df, p = pf(f, df[1], df[2], lower.tail = FALSE)),
                     groups = sapply(c("pair", "impair", "loin"), simplify = FALSE,
                                     function(one) of(subset(design, group == one)))))
}
out <- sapply(c("certainty", "adjust", "average"), simplify = FALSE, function(how) {
  options(survey.lonely.psu = how)
  list(
    clusters = told(svydesign(~cluster, strata = ~stratum, weights = ~w, data = data, nest = TRUE)),
    sure = told(svydesign(~cluster, strata = ~stratum, weights = ~w, fpc = ~units, data = data, nest = TRUE)),
    apart = told(svydesign(~1, strata = ~stratum, weights = ~w, data = data[kept, ])))
})
save_json(list(data = data[, c("stratum", "cluster", "w", "yes", "size", "staff", "group", "units")],
               apart = kept - 1, rules = out), "lonely.json", "survey")
