using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving.Hosting;

/// <summary>Endpoint results that write a <see cref="Problem"/>.</summary>
internal static class ProblemResults
{
    public static IResult Create(int status, string detail, string code) => new ProblemResult(Problem.Create(status, detail, code));

    private sealed class ProblemResult(Problem problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => problem.WriteAsync(httpContext);
    }
}
