#include "reports/model_report.h"

#include "reports/policy.h"

namespace raddle::reports {

std::string name_of(const ModelReport& model) { return model.name.empty() ? model.result.model : model.name; }

int status_of(const ModelReport& model) { return model.status ? *model.status : exit_code(model.result); }

}  // namespace raddle::reports
