using System.Globalization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FocalSharp.Serving.Http;

/// <summary>What the OpenAPI document says beyond what the routes themselves do.</summary>
internal static class OpenApiDescription
{
    /// <summary>Name of the document, and so of its route <c>/openapi/v1.json</c>.</summary>
    public const string DocumentName = "v1";

    private const string KeyScheme = "apiKey";
    private const string BearerScheme = "bearer";

    private static readonly string[] ImageTypes = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "application/octet-stream"];

    private static readonly (string Status, string Meaning)[] ErrorResponses =
    [
        ("400", "The body is empty or broken, or a parameter is unknown or out of range"),
        ("401", "No API key, or a wrong one, where the service asks for one"),
        ("408", "The body did not arrive in time"),
        ("413", "Too many bytes, pixels or images"),
        ("415", "The content is no image that is read, or the content type carries none"),
        ("422", "The image is truncated, damaged or too small"),
        ("503", "Too much is asked at once; Retry-After says when to come again"),
    ];

    /// <summary>Describes a route that takes images.</summary>
    /// <param name="several">Whether several may be sent.</param>
    /// <param name="picture">Whether a picture is answered.</param>
    public static Func<OpenApiOperation, OpenApiOperationTransformerContext, CancellationToken, Task> DescribeImageOperation(bool several, bool picture) =>
        async (operation, context, cancellationToken) =>
        {
            operation.RequestBody = Body(several);
            operation.Parameters =
            [
                Query(DetectArguments.Threshold, "Scores at or below this are dropped; the model's own where absent", new() { Type = JsonSchemaType.Number, Minimum = "0", Maximum = "1" }),
                Query(DetectArguments.MaxDetections, "Most detections of an image; the model's own where absent", new()
                {
                    Type = JsonSchemaType.Integer,
                    Minimum = "1",
                    Maximum = DetectArguments.MaxDetectionsLimit.ToString(CultureInfo.InvariantCulture),
                }),
                .. picture ? [Query(DetectArguments.Format, "Format of the picture", new() { Type = JsonSchemaType.String, Enum = ["jpeg", "png"], Default = "jpeg" })]
                    : Array.Empty<IOpenApiParameter>(),
            ];
            operation.Responses ??= [];
            if (picture)
            {
                operation.Responses["200"] = new OpenApiResponse { Description = "The picture", Content = Content(["image/jpeg", "image/png"], Binary()) };
            }

            OpenApiSchema problem = await context.GetOrCreateSchemaAsync(typeof(Problem), parameterDescription: null, cancellationToken);
            foreach ((string status, string meaning) in ErrorResponses)
            {
                operation.Responses[status] = new OpenApiResponse { Description = meaning, Content = Content([Problem.ContentType], problem) };
            }
        };

    /// <summary>Describes the document as a whole.</summary>
    /// <param name="keys">Whether an API key is asked for.</param>
    public static Func<OpenApiDocument, OpenApiDocumentTransformerContext, CancellationToken, Task> DescribeDocument(bool keys) =>
        (document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "FocalSharp",
                Version = StatusEndpoints.Version,
                Description = "A Generalized Focal Loss object detector: boxes, scores, and how unsure it is of each edge, in pixels.",
            };
            document.Servers = [new OpenApiServer { Url = "/" }];
            if (keys)
            {
                AddSecurity(document);
            }

            return Task.CompletedTask;
        };

    private static void AddSecurity(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [KeyScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = ApiKeyValidator.Header },
            [BearerScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" },
        };
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyScheme, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerScheme, document)] = [] },
        ];
    }

    private static OpenApiRequestBody Body(bool several)
    {
        OpenApiSchema part = several ? new() { Type = JsonSchemaType.Array, Items = Binary() } : Binary();
        OpenApiSchema form = new()
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal) { ["image"] = part },
            Required = new HashSet<string>(StringComparer.Ordinal) { "image" },
        };
        Dictionary<string, OpenApiMediaType> content = Content(ImageTypes, Binary());
        content["multipart/form-data"] = new OpenApiMediaType { Schema = form };
        return new OpenApiRequestBody { Required = true, Content = content, Description = "Content decides, whatever type and name are given" };
    }

    private static OpenApiParameter Query(string name, string meaning, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Query, Description = meaning, Schema = schema };

    private static OpenApiSchema Binary() => new() { Type = JsonSchemaType.String, Format = "binary" };

    private static Dictionary<string, OpenApiMediaType> Content(IEnumerable<string> types, IOpenApiSchema schema) =>
        types.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = schema }, StringComparer.Ordinal);
}
