using System.Text.Json.Serialization;
using LogApi.Application.Audits;
using LogApi.Application.Logs;
using LogApi.Application.Logs.GetStats;
using LogApi.Application.Logs.RedactLog;
using LogApi.Application.Logs.VerifyEntry;
using LogApi.Application.Logs.VerifyLog;
using LogApi.Application.Sessions.Login;
using LogApi.Application.Transparency.GetConsistency;
using LogApi.Application.Transparency.GetTransparency;
using LogApi.Web.Bulk;
using LogApi.Web.Controllers;
using LogApi.Web.Errors;
using LogApi.Web.Search;
using LogApi.Web.Transparency;

namespace LogApi.Web.Serialization;

/// <summary>Every body that is read or written, with code made at build time.</summary>
[JsonSerializable(typeof(AuditListResponse))]
[JsonSerializable(typeof(AuditResponse))]
[JsonSerializable(typeof(BatchResponse))]
[JsonSerializable(typeof(CreateLogRequest))]
[JsonSerializable(typeof(ConsistencyResponse))]
[JsonSerializable(typeof(EntryProofResponse))]
[JsonSerializable(typeof(LivenessResponse))]
[JsonSerializable(typeof(LogEntryResponse))]
[JsonSerializable(typeof(List<GapResponse>))]
[JsonSerializable(typeof(LogSearchResponse))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(LoginResponse))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ProblemKindResponse))]
[JsonSerializable(typeof(ReadinessResponse))]
[JsonSerializable(typeof(RedactedLogResponse))]
[JsonSerializable(typeof(RedactLogRequest))]
[JsonSerializable(typeof(ServedLogResponse))]
[JsonSerializable(typeof(ServiceResponse))]
[JsonSerializable(typeof(StatsResponse))]
[JsonSerializable(typeof(TransparencyResponse))]
[JsonSerializable(typeof(VerifyEntryRequest))]
[JsonSerializable(typeof(VerifyEntryResponse))]
[JsonSerializable(typeof(VerifyLogResponse))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;
