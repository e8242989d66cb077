using Microsoft.AspNetCore.Http;

namespace FocalSharp.Explorer.Hosting;

/// <summary>Refusals as results, in the form of <see cref="ErrorResponseExtensions"/>.</summary>
internal static class ProblemResults
{
    public static IResult Create(int status, string error) => Results.Json(new { error }, statusCode: status);

    public static IResult ModelNotFound(string? id) =>
        Create(StatusCodes.Status404NotFound, string.IsNullOrEmpty(id) ? "Say which model, by model=NAME." : "There is no such model in the folder that the explorer was started on.");

    public static IResult ImageNotFound(int index, int count) =>
        Create(StatusCodes.Status404NotFound, $"There is no image {index}: the data has {count}, counted from 0.");
}
