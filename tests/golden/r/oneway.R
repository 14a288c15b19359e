# Writes oneway.json: shares, means, quantiles, mentions of a question alone under each design of R's survey, whole and
# in a domain: what `Wave.describe` says of them.
suppressMessages(library(survey))
data(api)
source("lib/json.R")
options(survey.lonely.psu = "fail")
designs <- list(
  weights = svydesign(id = ~1, weights = ~pw, data = apistrat),
  strata = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = apistrat),
  clusters = svydesign(id = ~dnum, weights = ~pw, data = apiclus1),
  clusters_fpc = svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1))

ends <- function(x) as.numeric(attr(x, "ci"))
share <- function(design, method) ends(svyciprop(~I(sch.wide == "Yes"), design, method = method))
level <- function(design, v) {
  m <- svymean(~I(api00 <= v), design)
  if (coef(m)[2] > 1 - 1e-12) return(c(NA, NA))
  ends(eval(bquote(svyciprop(~I(api00 <= .(v)), design, method = "beta"))))
}
# The values whose share of answers up to them is not surely below, or above, the order: by every value in turn.
quantile_of <- function(design, q) {
  values <- sort(unique(model.frame(design)$api00))
  limits <- sapply(values, function(v) level(design, v))
  c(unname(coef(svyquantile(~api00, design, q, ci = FALSE))),
    values[which(limits[2, ] >= q)[1]], values[which(limits[1, ] >= q)[1]])
}
mean_of <- function(design, formula) {
  m <- svymean(formula, design)
  c(unname(coef(m)), unname(SE(m)), as.numeric(confint(m, df = degf(design))))
}
mentions <- function(design, item) {
  r <- svyratio(as.formula(paste0("~I(1*(", item, "))")),
                ~I(1 * (sch.wide == "Yes") + 1 * (awards == "Yes") + 1 * (comp.imp == "Yes")), design)
  c(unname(coef(r)), unname(as.numeric(SE(r))))
}
items <- function(design) {
  m <- svymean(~I(1 * (sch.wide == "Yes")) + I(1 * (awards == "Yes")) + I(1 * (comp.imp == "Yes")), design)
  contrasts <- rbind(c(1, 0, -1), c(0, 1, -1))
  gaps <- contrasts %*% coef(m)
  wald <- as.numeric(t(gaps) %*% solve(contrasts %*% vcov(m) %*% t(contrasts), gaps))
  d <- degf(design)
  f <- wald * (d - 1) / (d * 2)
  c(f, pf(f, 2, d - 1, lower.tail = FALSE))
}
described <- function(design) {
  scored <- update(design, score = (api00 >= 750) - (api00 <= 600))
  list(share = lapply(list(korn_graubard = "beta", logit = "xlogit", arcsine = "asin"), function(m) share(design, m)),
       value = mean_of(design, ~I(sch.wide == "Yes"))[c(2, 4)],
       mean = mean_of(design, ~api00), nps = mean_of(scored, ~score),
       quartiles = lapply(c(.25, .5, .75), function(q) quantile_of(design, q)),
       mentions = lapply(c("sch.wide == 'Yes'", "awards == 'Yes'", "comp.imp == 'Yes'"),
                         function(item) mentions(design, item)),
       items = items(design))
}
out <- list(whole = lapply(designs, described),
            domain = lapply(designs, function(d) described(subset(d, stype == "E"))))
save_json(out, "oneway.json", "survey")
