using FocalSharp.Serving.Hosting;
using FocalSharp.Serving.Metrics;
using FocalSharp.Serving.Uploads;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FocalSharp.Serving.Http;

/// <summary>
/// Answers rejected requests of routes in a program of one's own with the problem that the service answers. A failure of the model is left to the program's
/// exception handler.
/// </summary>
internal sealed class ProblemFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception) when (context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return TypedResults.StatusCode(ProblemMiddleware.StatusClientClosedRequest);
        }
        catch (Exception exception) when (exception is ApiException or UploadException or BadHttpRequestException && !context.HttpContext.Response.HasStarted)
        {
            Problem problem = (exception as UploadException)?.ToProblem() ?? Problem.Create(exception);
            context.HttpContext.RequestServices.GetRequiredService<ServingMetrics>().RecordRejection(problem.Code);
            return ProblemResults.Create(problem, (exception as ApiException)?.RetryAfter);
        }
    }
}
