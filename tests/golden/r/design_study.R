# Writes design_study.json: a made sample of strata and clusters, and what R's survey says of it under the designs that
# a wave.yml can declare: drawn by strata and clusters from a finite population, raked, post-stratified.
suppressMessages(library(survey))
source("lib/json.R")
set.seed(20240115)
n <- 120
strata <- rep(c("nord", "sud", "est"), c(54, 36, 30))
data <- data.frame(
  stratum = strata,
  cluster = paste0(strata, " n° ", unlist(lapply(c(9, 6, 5), function(k) rep(1:k, each = 6)))),
  w = round(runif(n, 5, 40), 2),
  size = sample(c("petite", "moyenne", "grande"), n, TRUE, c(.5, .3, .2)),
  age = sample(c("jeune", "ancienne"), n, TRUE))
data$yes <- ifelse(runif(n) < .3 + .3 * (data$size == "grande") + .2 * (data$stratum == "sud"), "oui", "non")
data$staff <- round(rgamma(n, 2, .2) + 5 * (data$size == "grande"), 1)
data$known <- !(1:n %in% c(3, 17, 40, 77, 101)) # no NA: a calibrated design keeps those left out, at 0
data$units <- c(nord = 40, sud = 25, est = 12)[data$stratum]
total <- 2700
sizes <- data.frame(size = c("petite", "moyenne", "grande"), Freq = c(1400, 800, 500))
ages <- data.frame(age = c("jeune", "ancienne"), Freq = c(1200, 1500))

drawn <- svydesign(id = ~cluster, strata = ~stratum, weights = ~w, fpc = ~units, nest = TRUE, data = data)
# Not rake(): its errors fit residuals without weights. calibrate() fits them by the weights given (Deville, Särndal).
raked <- calibrate(drawn, ~ size + age, c("(Intercept)" = total, sizemoyenne = 800, sizepetite = 1400, agejeune = 1200),
                   calfun = "raking", maxit = 500, epsilon = 1e-12)
plain <- svydesign(id = ~1, weights = ~w, data = data)
shares <- data.frame(size = sizes$size, Freq = sizes$Freq / total * sum(data$w))
fitted <- postStratify(plain, ~size, shares)

# svyciprop's "beta" with the respondents counted: of a calibrated design it takes every row, those left out included.
beta <- function(answered, n) {
  share <- svymean(~as.numeric(yes == "oui"), answered)
  p <- as.numeric(coef(share))
  size <- p * (1 - p) / as.numeric(vcov(share)) * (qt(.025, n - 1) / qt(.025, degf(answered)))^2
  c(p, qbeta(.025, size * p, size * (1 - p) + 1), qbeta(.975, size * p + 1, size * (1 - p)))
}
answered <- subset(drawn, known)
stopifnot(all.equal(beta(answered, sum(data$known))[-1],
                    as.numeric(attr(svyciprop(~I(yes == "oui"), answered, method = "beta"), "ci"))))

told <- function(design) {
  answered <- subset(design, known)
  share <- beta(answered, sum(data$known))
  staff <- svymean(~staff, design)
  test <- svychisq(~yes + age, answered)
  list(share = share[1], share_interval = share[2:3],
       mean = unname(coef(staff)), mean_interval = as.numeric(confint(staff, df = degf(design))),
       statistic = unname(test$statistic), df = unname(test$parameter), p = unname(test$p.value),
       effective_n = sum(weights(design))^2 / sum(weights(design)^2), total = sum(weights(design)))
}
data$yes[!data$known] <- NA
save_json(list(data = data[, c("stratum", "cluster", "w", "size", "age", "yes", "staff")],
               drawn = told(drawn), raked = told(raked), fitted = told(fitted)), "design_study.json", "survey")
