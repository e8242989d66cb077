using FocalSharp.Serving.Hosting;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Explorer.Hosting;

/// <summary>The 404 results of the explorer's endpoints.</summary>
internal static class NotFound
{
    public static IResult Model(string? id) => ProblemResults.Create(
        StatusCodes.Status404NotFound,
        string.IsNullOrEmpty(id) ? "The parameter model=NAME is required." : "The folder that the explorer was started on contains no such model.",
        "no_model");

    public static IResult Image(int index, int count) =>
        ProblemResults.Create(StatusCodes.Status404NotFound, $"No image {index}: the data set has {count} images, numbered from 0.", "no_image");
}
