#include "tray/ask_service.h"

#include <utility>

namespace holdfast {
namespace {

using nlohmann::json;
using Then = std::function<void(const ServiceAnswer&)>;

void ask_on(const AskService& ask, const std::string& method, const std::string& list,
            const json& params, json so_far, Then then) {
  ask(method, params,
      [ask, method, list, so_far = std::move(so_far),
       then = std::move(then)](const ServiceAnswer& answer) mutable {
        if (answer.failure) return then(answer);
        for (const json& item : answer.result.at(list)) so_far.push_back(item);
        const auto next = answer.result.find("next");
        if (next == answer.result.end()) return then({.result = {{list, std::move(so_far)}}});
        ask_on(ask, method, list, {{"offset", *next}}, std::move(so_far), std::move(then));
      });
}

}  // namespace

void ask_for_all(const AskService& ask, std::string_view method, const std::string& list,
                 Then then) {
  ask_on(ask, std::string(method), list, json::object(), json::array(), std::move(then));
}

}  // namespace holdfast
