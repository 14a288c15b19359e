# Writes designs.json: what oracles.md does not print of R's survey: raking run to the end (by default R stops when no
# margin moves by 1), strata of one unit, missing answers, a domain.
suppressMessages(library(survey))
data(api)
source("lib/json.R")
both <- function(x) list(value = unname(coef(x)), error = unname(sqrt(diag(as.matrix(vcov(x))))))
test <- function(x) list(statistic = unname(x$statistic), parameter = unname(x$parameter), p = unname(x$p.value))

clus <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1)
raked <- rake(clus, list(~stype, ~sch.wide),
              list(data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018)),
                   data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))),
              control = list(maxit = 200, epsilon = 1e-10))

options(survey.lonely.psu = "fail")
holes <- apistrat
holes$awards[seq(1, 200, 7)] <- NA
holes$sch.wide[seq(3, 200, 11)] <- NA
strat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = holes)
plain <- svydesign(id = ~1, weights = ~pw, data = holes)

alone <- data.frame(stratum = c(1, 1, 1, 2, 2, 3, 4, 4), y = c(3, 5, 9, 2, 8, 4, 1, 6),
                    w = c(10, 12, 9, 20, 18, 30, 7, 8))
lonely <- sapply(c("certainty", "adjust", "average"), function(how) {
  options(survey.lonely.psu = how)
  both(svymean(~y, svydesign(id = ~1, strata = ~stratum, weights = ~w, data = alone)))$error
})
options(survey.lonely.psu = "fail")

ends <- function(method) as.numeric(attr(svyciprop(~I(sch.wide == "Yes"), clus, method = method), "ci"))
# The likelihood interval: by default R reads it off a spline through some ten points of a fit stopped early.
wide <- svyglm(I(sch.wide == "Yes") ~ 1, svydesign(id = ~1, weights = ~pw, data = apistrat), family = quasibinomial,
               control = list(epsilon = 1e-15, maxit = 100))
likelihood <- plogis(as.numeric(suppressMessages(
  confint(wide, 1, method = "likelihood", ddf = 199, del = .002, maxsteps = 2000))))

two <- svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2)
staged <- list(weights = unname(weights(two)), api00 = both(svymean(~api00, two)), enroll = both(svytotal(~enroll, two, na.rm = TRUE)),
               wide = test(svychisq(~comp.imp + sch.wide, two, statistic = "adjWald")),
               stype = test(svychisq(~comp.imp + stype, two, statistic = "adjWald")),
               f = test(svychisq(~comp.imp + stype, two)))

out <- list(
  likelihood = likelihood, two_stage = staged,
  clustered_share = list(logit = ends("logit"), beta = ends("beta"), asin = ends("asin"), mean = ends("mean")),
  raked = list(api00 = both(svymean(~api00, raked)), enroll = both(svytotal(~enroll, raked)),
               cells = unname(tapply(weights(raked), paste(apiclus1$sch.wide, apiclus1$stype), mean))),
  lonely = as.list(lonely),
  missing = list(
    strata = test(svychisq(~sch.wide + awards, strat)),
    plain = test(svychisq(~sch.wide + awards, plain)),
    mean = both(svymean(~I(awards == "Yes"), strat, na.rm = TRUE))),
  domain = both(svymean(~api00, subset(strat, awards == "Yes"))),
  domain_df = degf(subset(strat, awards == "Yes")),
  quantiles = unname(coef(svyquantile(~enroll, plain, c(.1, .25, .5, .9), ci = FALSE))))
save_json(out, "designs.json", "survey")
