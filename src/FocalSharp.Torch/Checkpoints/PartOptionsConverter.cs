using System.Text.Json;
using System.Text.Json.Serialization;
using FocalSharp.Torch.Detectors;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>Reads and writes options of exchangeable parts by their <c>kind</c>.</summary>
internal sealed class PartOptionsConverter : JsonConverterFactory
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) => PartRegistries.Find(typeToConvert) is not null;

    /// <inheritdoc/>
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert), PartRegistries.Find(typeToConvert))!;

    private sealed class Converter<T>(IPartRegistry registry) : JsonConverter<T>
        where T : class
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            string kind = document.RootElement.GetProperty("kind").GetString() ?? "";
            return (T)document.RootElement.Deserialize(registry.GetDefaults(kind).GetType(), options)!;
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, value.GetType(), options);
    }
}
