using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving.Hosting;

/// <summary>Endpoint results that write a <see cref="Problem"/>.</summary>
internal static class ProblemResults
{
    public static IResult Create(int status, string detail, string code) => Create(Problem.Create(status, detail, code), retryAfter: null);

    /// <param name="problem">The problem.</param>
    /// <param name="retryAfter">When the client may try again; null if trying again does not help.</param>
    public static IResult Create(Problem problem, TimeSpan? retryAfter) => new ProblemResult(problem, retryAfter);

    /// <summary>Adds when the client may try again to a response.</summary>
    public static void SetRetryAfter(HttpResponse response, TimeSpan retryAfter) =>
        response.Headers.RetryAfter = ((int)retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private sealed class ProblemResult(Problem problem, TimeSpan? retryAfter) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (retryAfter is { } wait)
            {
                SetRetryAfter(httpContext.Response, wait);
            }

            return problem.WriteAsync(httpContext);
        }
    }
}
