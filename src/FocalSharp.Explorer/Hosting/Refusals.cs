using Microsoft.AspNetCore.Http;

namespace FocalSharp.Explorer.Hosting;

/// <summary>Refusals as results, in the form of <see cref="Answers"/>.</summary>
internal static class Refusals
{
    public static IResult Of(int status, string error) => Results.Json(new { error }, statusCode: status);

    public static IResult NoModel(string? id) =>
        Of(StatusCodes.Status404NotFound, string.IsNullOrEmpty(id) ? "Say which model, by model=NAME." : "There is no such model in the folder that the explorer was started on.");

    public static IResult NoImage(int index, int count) =>
        Of(StatusCodes.Status404NotFound, $"There is no image {index}: the data has {count}, counted from 0.");
}
