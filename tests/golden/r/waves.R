# Writes waves.json: two waves drawn apart, one weighted, one clustered and weighted, stacked with the wave as a stratum:
# Rao-Scott F of option by wave, the interval of each share, the change of a mean; Welch; the trend of three waves.
suppressMessages(library(survey))
data(api)
source("lib/json.R")
now <- apistrat; then <- apiclus1
one <- function(data, wave, cluster) data.frame(
  wave = wave, unit = paste(wave, cluster), w = data$pw / mean(data$pw),
  wide = data$sch.wide == "Yes", api00 = data$api00)
both <- rbind(one(now, "b", seq_len(nrow(now))), one(then, "a", then$dnum))
design <- svydesign(id = ~unit, strata = ~wave, weights = ~w, data = both)
share <- function(part) {
  found <- svyciprop(~wide, part, method = "beta")
  c(unname(coef(found)), as.numeric(attr(found, "ci")))
}
a <- share(svydesign(id = ~1, weights = ~w, data = subset(both, wave == "b")))
b <- share(svydesign(id = ~unit, weights = ~w, data = subset(both, wave == "a")))
gap <- a[1] - b[1]
f <- svychisq(~wide + wave, design)
means <- svyby(~api00, ~wave, design, svymean, covmat = TRUE)
change <- svycontrast(means, c(a = -1, b = 1))
error <- as.numeric(sqrt(vcov(change)))
welch <- t.test(now$api00, then$api00)
trend <- prop.trend.test(c(83, 90, 129), c(86, 93, 136), score = c(0, 2, 3))
out <- list(
  f = list(statistic = unname(f$statistic), df = unname(f$parameter), p = unname(f$p.value)),
  now = a, then = b,
  ends = c(gap - sqrt((a[1] - a[2])^2 + (b[3] - b[1])^2), gap + sqrt((a[3] - a[1])^2 + (b[1] - b[2])^2)),
  mean = list(value = as.numeric(coef(change)), error = error, df = degf(design),
              p = 2 * pt(-abs(as.numeric(coef(change)) / error), degf(design))),
  welch = list(t = unname(welch$statistic), df = unname(welch$parameter), p = welch$p.value, ends = as.numeric(welch$conf.int)),
  trend = list(statistic = unname(trend$statistic), p = trend$p.value))
save_json(out, "waves.json", "survey")
