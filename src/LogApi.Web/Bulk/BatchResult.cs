using System.Globalization;
using System.Text.Json;
using LogApi.Application.Logs.CreateLogs;
using LogApi.Web.Controllers;
using LogApi.Web.Errors;
using LogApi.Web.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace LogApi.Web.Bulk;

/// <summary>
/// Answers with what became of the items of a batch. When the batch as a whole failed, because the rest of it could not be read or
/// because nothing could be stored, the answer is that failure's problem, and the results are a part of it.
/// </summary>
internal sealed class BatchResult(CreateLogsResponse outcome, BatchReader items, bool isMinimal) : IActionResult
{
    public Task ExecuteResultAsync(ActionContext context)
    {
        var http = context.HttpContext;
        if (outcome.IsReplay) IdempotencyHeaders.SayReplayed(http.Response);
        if (isMinimal) BatchRequest.ConfirmMinimal(http.Response);
        var accepted = outcome.Results.Count(static result => result.IsStored);
        var batch = new BatchResponse { Accepted = accepted, Rejected = outcome.Results.Count - accepted, Results = Results() };
        if (FailureOfAll(accepted) is { } failure)
            return ProblemWriter.WriteAsync(http, outcome.Results.Count == 0 ? failure : failure with { Batch = batch });

        http.Response.ContentType = BatchRequest.ArrayType;
        return JsonSerializer.SerializeAsync(http.Response.BodyWriter, batch, ApiJson.Context.BatchResponse, http.RequestAborted);
    }

    private Failure? FailureOfAll(int accepted)
    {
        if (items.Fault is { } fault)
        {
            if (items.Count == 0) return fault;
            var detail = string.Create(
                CultureInfo.InvariantCulture,
                $"{fault.Detail} Item {items.Count} and what follows it was not read; results says what became of the items before it.");
            return fault with { Detail = detail, UnreadFrom = items.Count };
        }

        if (accepted > 0) return null;

        // The gravest first: when the fate of one is not known, the batch may not be called not stored.
        return outcome.Results.Select(static result => result.Error).OfType<Application.Common.Errors.StoreUnavailableError>()
            .Select(Failure.From)
            .MaxBy(static failure => failure.Kind == ProblemKinds.OutcomeUnknown) is { } away
            ? new Failure(away.Kind, away.Kind.Meaning)
            : null;
    }

    private IEnumerable<BatchItemResponse> Results()
    {
        for (var index = 0; index < outcome.Results.Count; index++)
        {
            var result = outcome.Results[index];
            if (!result.IsStored) yield return Rejected(index, result.Error is { } error ? Failure.From(error) : items.FailureOf(index));
            else if (!isMinimal) yield return Accepted(index, result);
        }
    }

    private static BatchItemResponse Accepted(int index, in CreateLogResult result) => new()
    {
        Index = index,
        Status = StatusCodes.Status200OK,
        Id = result.Id!.ToString(),
        Seq = result.Sequence,
        Hash = result.Hash!.Hex,
    };

    private static BatchItemResponse Rejected(int index, Failure failure) => new()
    {
        Index = index,
        Status = failure.Kind.Status,
        Problem = new ItemProblem
        {
            Type = failure.Kind.Type,
            Title = failure.Kind.Title,
            Status = failure.Kind.Status,
            Detail = failure.Detail,
            Code = failure.Kind.Code,
            Errors = failure.Errors,
            LogId = failure.LogId,
        },
    };
}
