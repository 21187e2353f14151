// The report as chapters, whatever form they are to have.
#pragma once

#include "present/sections.hpp"
#include "validation/report.hpp"

namespace virtuoso::validation {

[[nodiscard]] SectionedReport text_of(const Report& report);

}  // namespace virtuoso::validation
