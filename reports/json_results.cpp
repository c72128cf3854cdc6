#include "reports/json_results.h"

#include "reports/json_document.h"
#include "reports/json_result.h"

namespace raddle::reports {

std::string results_to_json(int exit_code, std::span<const ModelSummary> models) {
  auto dump = [](const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); };
  std::string text = "{\n\"format\": \"raddle-results/1\",\n\"raddle_version\": " + dump(RADDLE_VERSION) +
                     ",\n\"exit_code\": " + dump(exit_code) + ",\n\"models\": [";
  bool first = true;
  for (const ModelSummary& model : models) {
    Json head = {{"name", model.name}, {"exit_code", model.exit_code}};
    set_if_any(head, "expected", model.expected);
    set_if_any(head, "error", model.error);
    std::string element = dump(head);
    if (model.result) {
      std::string result = result_to_json(*model.result);
      result.pop_back();  // its line break
      element.pop_back();
      element += ",\"result\":\n" + result + '}';
    }
    text += (first ? "\n" : ",\n") + element;
    first = false;
  }
  return text + (first ? "]\n}\n" : "\n]\n}\n");
}

}  // namespace raddle::reports
