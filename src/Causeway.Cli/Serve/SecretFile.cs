namespace Causeway.Cli.Serve;

/// <summary>Reads a secret from the file that an option names.</summary>
internal static class SecretFile
{
    private const int MinBytes = 16;
    private const int MaxBytes = 4096;

    /// <summary>The secret, empty if <paramref name="file"/> is; adds a line to <paramref name="faults"/> for what is wrong.</summary>
    public static byte[] Read(string option, string file, List<string> faults)
    {
        if (file.Length == 0)
        {
            return [];
        }

        try
        {
            // A line end that an editor has left is no part of the secret.
            byte[] secret = File.ReadAllBytes(file).AsSpan().Trim("\r\n \t"u8).ToArray();
            if (secret.Length is < MinBytes or > MaxBytes)
            {
                faults.Add($"{option}: '{file}' holds {secret.Length} bytes; accepted are {MinBytes} to {MaxBytes}");
            }

            return secret;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            faults.Add($"{option}: '{file}' can't be read: {fault.Message}");
            return [];
        }
    }
}
